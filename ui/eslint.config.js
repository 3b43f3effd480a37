import js from "@eslint/js";
import globals from "globals";
import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";
import eachKey from "./lint/each-key.js";
import oldWebkit from "./lint/old-webkit.js";
import quietEffect from "./lint/quiet-effect.js";

const hostOnly = {
  "no-restricted-imports": [
    "error",
    { patterns: [{ group: ["@tauri-apps/*"], message: "Only src/lib/host may call the host." }] },
  ],
};

export default ts.config(
  { ignores: ["dist/**", "src/lib/host/types.ts", "src/lib/host/commands.ts"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs["flat/recommended"],
  { languageOptions: { globals: globals.browser } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    files: ["src/**/*.{ts,svelte}"],
    ignores: ["src/lib/host/**"],
    rules: hostOnly,
  },
  {
    files: ["src/**/*.{ts,svelte}"],
    plugins: {
      tokendesk: { rules: { "each-key": eachKey, "old-webkit": oldWebkit, "quiet-effect": quietEffect } },
    },
    rules: {
      "tokendesk/each-key": "error",
      "tokendesk/old-webkit": "error",
      "tokendesk/quiet-effect": "error",
    },
  },
  { rules: { "svelte/prefer-svelte-reactivity": "off", "no-undef": "off" } },
);
