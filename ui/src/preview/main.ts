import { mount } from "svelte";
import "../app.css";
import "./preview.css";
import "../forced-colors.css";
import { keepOwnPage } from "../lib/own-page";
import Preview from "./Preview.svelte";

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => (document.documentElement.dataset.theme = dark.matches ? "dark" : "light");
follow();
dark.addEventListener("change", follow);

keepOwnPage();

const target = document.getElementById("preview");
if (target) mount(Preview, { target });
