/** Every text of the widget stands in texts.json. A page may put its own in their place, in its own language. */
import english from "./texts.json";

export type Texts = typeof english;

/**
 * The texts, with those of the page's JSON block (`<script type="application/json" id="…">`) over ours.
 * A block that is missing or is not JSON leaves ours in place: a slip in it must not take the widget away.
 */
export function loadTexts(blockId: string | undefined): Texts {
  const block = blockId ? document.getElementById(blockId) : null;
  if (!block) return english;
  try {
    const given = JSON.parse(block.textContent ?? "") as Partial<Texts>;
    return {
      ...english,
      ...given,
      levels: { ...english.levels, ...given.levels },
      reasons: { ...english.reasons, ...given.reasons },
    };
  } catch {
    return english;
  }
}

/** `text` with `{name}` replaced. */
export function fill(text: string, name: string, value: string | number): string {
  return text.split(`{${name}}`).join(String(value));
}
