// The network as a graph: stages from left to right; a click shows whom a node is joined to, ticks show what is weak.
import cytoscape from "cytoscape";
import "./graph.css";

const SHAPES = { square: "rectangle", circle: "ellipse", triangle: "triangle", diamond: "diamond", pentagon: "pentagon", plus: "octagon", hexagon: "hexagon", star: "star" };
const box = document.querySelector("#graph");
const about = document.querySelector("#about");

// The library reads fewer notations of colours than browsers write.
function plain(colour) {
  const dot = document.createElement("canvas").getContext("2d");
  dot.fillStyle = colour;
  dot.fillRect(0, 0, 1, 1);
  return `rgb(${dot.getImageData(0, 0, 1, 1).data.slice(0, 3).join(",")})`;
}

function look() {
  const colours = getComputedStyle(box);
  const ink = plain(colours.color);
  const weak = plain(colours.accentColor);
  return [
    { selector: "node", style: { label: "data(label)", color: ink, "font-size": 20, "text-valign": "center", "text-halign": "right", "text-margin-x": 6, "text-wrap": "ellipsis", "text-max-width": 240, width: 18, height: 18 } },
    { selector: "node[colour]", style: { "background-color": "data(colour)", shape: (node) => SHAPES[node.data("shape")] } },
    { selector: 'node[is = "offering"]', style: { width: 11, height: 11, "background-opacity": 0.35, "border-width": 1.5, "border-color": "data(colour)" } },
    { selector: 'node[is = "stage"]', style: { shape: "rectangle", width: 1, height: 1, "background-opacity": 0, "font-size": 24, "font-weight": 600, "text-wrap": "wrap", "text-max-width": 270, events: "no" } },
    { selector: "edge", style: { width: 1.2, "line-color": ink, opacity: 0.22, "curve-style": "bezier" } },
    { selector: 'edge[is = "refers"]', style: { "target-arrow-shape": "triangle", "target-arrow-color": ink, "arrow-scale": 0.8 } },
    { selector: 'edge[is = "cooperates"]', style: { "line-style": "dashed" } },
    { selector: 'edge[is = "offers"]', style: { "line-style": "dotted" } },
    { selector: ".far", style: { opacity: 0.12 } },
    { selector: "edge.near", style: { opacity: 0.9, width: 2 } },
    { selector: "node.weak", style: { "border-width": 5, "border-color": weak, "border-opacity": 1, "font-weight": 600 } },
  ];
}

function item(node, words) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.className = "kern-link kern-link--small";
  link.href = node.data("address");
  link.textContent = node.data("label");
  line.append(`${words}: `, link);
  return line;
}

function tell(node) {
  const heading = document.createElement("p");
  heading.className = "kern-title";
  heading.textContent = node.data("label");
  const list = document.createElement("ul");
  for (const edge of node.connectedEdges()) list.append(item(edge.source() === node || edge.source().id() === node.id() ? edge.target() : edge.source(), edge.data("words")));
  const more = document.createElement("a");
  more.className = "kern-link";
  more.href = node.data("address");
  more.textContent = about.dataset.more;
  about.replaceChildren(heading, list, more);
}

function choose(graph, node) {
  graph.elements().removeClass("near far");
  if (!node) return;
  const near = node.closedNeighborhood();
  graph.elements().not(near).not('[is = "stage"]').addClass("far");
  near.addClass("near");
  tell(node);
}

async function draw() {
  const answer = await fetch(box.dataset.source);
  if (!answer.ok) {
    about.textContent = box.dataset.failed;
    return;
  }
  const graph = cytoscape({ container: box, elements: await answer.json(), style: look(), layout: { name: "preset", padding: 12 }, minZoom: 0.1, maxZoom: 3, autoungrabify: true });
  graph.on("tap", "node", (event) => choose(graph, event.target));
  graph.on("tap", (event) => event.target === graph && choose(graph, null));
  for (const tick of document.querySelectorAll("[data-mark]")) {
    tick.addEventListener("change", () => {
      graph.nodes().removeClass("weak");
      for (const mark of document.querySelectorAll("[data-mark]:checked")) graph.nodes().filter((node) => node.data("marks")?.includes(mark.dataset.mark)).addClass("weak");
    });
  }
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => graph.zoom({ level: graph.zoom() * Number(button.dataset.zoom), renderedPosition: { x: graph.width() / 2, y: graph.height() / 2 } }));
  }
  document.querySelector("[data-fit]").addEventListener("click", () => graph.fit(undefined, 20));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.style(look()));
  box.dataset.drawn = graph.nodes().length;
}

draw();
