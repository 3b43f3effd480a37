// A body as the bytes of a file.

/** What is left of a file once it is read. */
export interface BodyFile {
  name: string;
  bytes: number;
  base64: string;
}

/** The largest file that is read, in bytes. A webhook has some hundred. */
export const LARGEST = 5 * 1024 * 1024;

function read(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error("It could not be read."));
    reader.readAsDataURL(file);
  });
}

/** Reads a file to the byte. Rejects with a reason for a person. */
export async function readBody(file: File): Promise<BodyFile> {
  if (file.size > LARGEST) throw new Error("A webhook's body is not that large: at most 5 MiB are read.");
  let url: string;
  try {
    url = await read(file);
  } catch {
    // A folder comes as a file too, until it is read.
    throw new Error(`“${file.name}” could not be read. Is it a file?`);
  }
  // An empty file has no comma in some engines, and nothing behind it in the others.
  return { name: file.name, bytes: file.size, base64: url.split(",")[1] ?? "" };
}
