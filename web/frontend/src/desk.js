// What every page of the desk loads: the design system, our own styles, htmx, and the warning before a time-out.
import "./desk.css";
import "htmx.org";
import { warnBeforeTimeOut } from "./time-out.js";

warnBeforeTimeOut(document.querySelector("#time-out"));
