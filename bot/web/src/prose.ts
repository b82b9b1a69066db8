/**
 * Texts as nodes: lines, "- " lists, **bold**, [links](https://…) and bare addresses.
 * Whatever is not one of these stays as it is, character by character: "fever > 38" must not lose its sign.
 */
import { el } from "./dom";

const INLINE = /\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*|\[([^\][\n]+)\]\(([^()\s]+)\)|(https?:\/\/[^\s<>"“”]*[^\s<>"“”.,;:!?)\]'’])/g;
const SCHEMES = ["https:", "http:", "tel:", "mailto:"];

/** A link; what was written, as it was, where the address is none that a reader may be sent to. */
function link(text: string, address: string, written: string): Node {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return document.createTextNode(written);
  }
  if (!SCHEMES.includes(url.protocol)) return document.createTextNode(written);
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, text);
}

function inline(line: string): Node[] {
  const nodes: Node[] = [];
  let from = 0;
  for (const found of line.matchAll(INLINE)) {
    const [whole, bold, label, target, address] = found;
    if (found.index > from) nodes.push(document.createTextNode(line.slice(from, found.index)));
    if (bold !== undefined) nodes.push(el("strong", {}, bold));
    else if (label !== undefined && target !== undefined) nodes.push(link(label, target, whole));
    else if (address !== undefined) nodes.push(link(address, address, whole));
    from = found.index + whole.length;
  }
  if (from < line.length) nodes.push(document.createTextNode(line.slice(from)));
  return nodes;
}

/** One line as a paragraph; one that begins with a title ("Waist exercises: …") may have it set apart. */
export function paragraph(line: string, name = "", titled = false): HTMLElement {
  const end = titled ? line.indexOf(": ") + 1 : 0;
  const title = end ? [el("strong", {}, line.slice(0, end))] : [];
  return el("p", name ? { class: name } : {}, ...title, ...inline(line.slice(end)));
}

/** Lines as paragraphs and lists; `name` gives the class of each line, by its place; a line of class "group" has a title. */
export function prose(text: string, name: (line: string, place: number) => string = () => ""): Node[] {
  const nodes: Node[] = [];
  let list: HTMLUListElement | null = null;
  text.split("\n").forEach((line, place) => {
    if (line.startsWith("- ")) {
      if (!list) nodes.push((list = el("ul")));
      list.append(el("li", {}, ...inline(line.slice(2))));
      return;
    }
    list = null;
    const named = name(line, place);
    if (line) nodes.push(paragraph(line, named, named === "group"));
  });
  return nodes;
}
