// Builds what the pages load: style sheets and scripts with hashed names, and a manifest that says which is which.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/built/",
  build: {
    outDir: "../static/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: [
        "src/chain.js",
        "src/desk.js",
        "src/graph.js",
        "src/network.js",
        "src/planning.js",
        "src/seats.js",
      ],
    },
  },
});
