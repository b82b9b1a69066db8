/** Building elements. Text becomes text nodes: nothing here, or in the widget, parses HTML. */

type Child = Node | string | null;
type Attributes = Record<string, string | boolean | EventListener>;

/** An element; an attribute that is a function listens, `true` is an empty attribute, `false` is none. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child): child is Node | string => child !== null));
  return made;
}

/** A decorative icon of one path, 24 units wide. */
export function icon(path: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}

/** Text for screen readers alone. */
export function unseen(text: string): HTMLElement {
  return el("span", { class: "unseen" }, text);
}
