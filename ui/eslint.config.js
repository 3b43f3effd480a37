import js from "@eslint/js";
import globals from "globals";
import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";

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
  { rules: { "svelte/prefer-svelte-reactivity": "off", "no-undef": "off" } },
);
