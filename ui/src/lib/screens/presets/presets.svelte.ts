// The presets of the workspace in view.
import { host, toAppError, type AppError, type IssueRequest, type Preset } from "../../host";
import { plural } from "../../format";
import { app } from "../../state/app.svelte";
import { toasts } from "../../state/toasts.svelte";

const restore = ({ name, request, withSubject }: Preset) => host.savePreset(name, request, withSubject);

class Presets {
  list = $state.raw<Preset[]>([]);
  error = $state.raw<AppError | null>(null);
  #workspaceId = "";

  async read(workspaceId = app.workspace?.id ?? ""): Promise<void> {
    if (this.#workspaceId !== workspaceId) this.list = [];
    this.#workspaceId = workspaceId;
    if (!workspaceId) return;
    try {
      const list = await host.presets(workspaceId);
      if (this.#workspaceId !== workspaceId) return;
      this.list = list;
      this.error = null;
    } catch (reason) {
      if (this.#workspaceId === workspaceId) this.error = toAppError(reason);
    }
  }

  named(name: string): Preset | undefined {
    const wanted = name.trim().toLowerCase();
    return this.list.find((preset) => preset.name.toLowerCase() === wanted);
  }

  /** Saves the form under a name. One that is replaced can be had back. */
  async save(name: string, request: IssueRequest, withSubject = false): Promise<void> {
    const replaced = this.named(name);
    const saved = await host.savePreset(name, request, withSubject);
    if (replaced) this.#undoable(`${saved.name} was replaced.`, () => restore(replaced));
    else toasts.show({ title: `${saved.name} was saved.` }, 4000);
    await this.read();
  }

  async rename(preset: Preset, name: string): Promise<void> {
    if (name === preset.name) return;
    // The new one comes first, so that at no moment there is none. In another spelling of the
    // same name it is the old one that is saved.
    const saved = await host.savePreset(name, preset.request, preset.withSubject);
    if (saved.id !== preset.id) await host.forgetPreset(preset.id);
    await this.read();
  }

  async forget(preset: Preset): Promise<void> {
    try {
      const gone = await host.forgetPreset(preset.id);
      this.list = this.list.filter(({ id }) => id !== preset.id);
      this.#undoable(`${gone.name} was deleted.`, () => restore(gone));
    } catch (reason) {
      toasts.failed(reason);
    }
    await this.read();
  }

  #undoable(title: string, undo: () => Promise<unknown>) {
    toasts.undoable(title, async () => {
      try {
        await undo();
      } catch (reason) {
        toasts.failed(reason);
      }
      await this.read();
    });
  }

  /** Asks where to, and says where it went. */
  async export(): Promise<void> {
    const path = await host.exportPresets(this.#workspaceId);
    if (path) toasts.show({ title: `${plural(this.list.length, "preset")} exported.`, detail: path });
  }

  /** Asks which file, and says what came of it. */
  async import(): Promise<void> {
    const imported = await host.importPresets(this.#workspaceId);
    if (!imported) return;
    await this.read();
    toasts.show({
      tone: imported.added > 0 ? "done" : "note",
      title:
        imported.added > 0
          ? `${plural(imported.added, "preset")} imported.`
          : "There is no preset in this file.",
      detail: imported.names.join(", "),
    });
  }
}

export const presets = new Presets();
