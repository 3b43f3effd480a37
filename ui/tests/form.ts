// The form of the Issue screen, to be driven.
import { fireEvent, waitFor, within } from "@testing-library/svelte";
import { expect } from "vitest";
import type { IssueRequest } from "../src/lib/host";
import { app } from "../src/lib/state/app.svelte";
import { entry, openApp } from "./host";

export const type = (input: HTMLElement, value: string) => fireEvent.input(input, { target: { value } });
export const choose = (select: HTMLElement, value: string) => fireEvent.change(select, { target: { value } });

export type Answers = Parameters<typeof openApp>[0];

export async function openForm(answers: Answers = {}) {
  app.screen = "issue";
  const view = await openApp({ issue_token: () => entry(), ...answers });
  const field = (name: string) => view.getByTestId(`field-${name}`) as HTMLInputElement;
  await waitFor(() => expect(field("workflow").value).toBe("KYC individual – Poland"));
  const request = () => view.callsOf("issue_token").at(-1)?.request as IssueRequest;
  const choice = (name: string) => fireEvent.click(view.getByTestId(name));
  const undo = async (words: string) => {
    const toast = (await view.findAllByTestId("toast")).find((toast) => toast.textContent?.includes(words));
    await fireEvent.click(within(toast as HTMLElement).getByTestId("toast-action"));
  };
  const menu = async (name: string, item: string, at = 0) => {
    await fireEvent.keyDown(view.getByTestId(name), { key: "Enter" });
    await fireEvent.click((await view.findAllByTestId(item))[at] as HTMLElement);
  };
  return { ...view, field, request, choice, undo, menu, press: () => choice("issue-submit") };
}

export const addRow = async (
  view: Awaited<ReturnType<typeof openForm>>,
  key: string,
  kind: string,
  value: string,
) => {
  await fireEvent.click(view.getByTestId("parameters-add"));
  const row = within((await view.findAllByTestId("parameters-row")).at(-1) as HTMLElement);
  await waitFor(() => expect(document.activeElement).toBe(row.getByTestId("parameters-key")));
  await type(row.getByTestId("parameters-key"), key);
  if (kind !== "string") await choose(row.getByTestId("parameters-type"), kind);
  if (kind === "boolean") await fireEvent.click(row.getByTestId("parameters-value"));
  else await type(row.getByTestId("parameters-value"), value);
};
