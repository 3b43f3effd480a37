import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import "./controls.css";
import "./panes.css";
import "./forced-colors.css";

const target = document.getElementById("app");
if (target) mount(App, { target });
