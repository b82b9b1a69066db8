/** Keeping an owner's colour readable (WCAG 2.2, 1.4.3 and 1.4.11). */

type Colour = [red: number, green: number, blue: number];

/** The parts of a computed colour, such as `rgb(0, 90, 156)`. */
function parts(computed: string): Colour {
  const [red = 0, green = 0, blue = 0] = (computed.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Colour;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast ratio of two computed colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(parts(one)), luminance(parts(other))].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/**
 * Set what depends on the accent: text on it (black or white, whichever is read better; one of them always reaches
 * 4.5), and links, which take the accent only where it is readable on the panel.
 */
export function settleColours(root: HTMLElement): void {
  const style = getComputedStyle(root);
  const accent = style.getPropertyValue("outline-color");
  const panel = style.getPropertyValue("column-rule-color");
  const white = contrast(accent, "rgb(255, 255, 255)");
  root.style.setProperty("--on-accent", white >= contrast(accent, "rgb(0, 0, 0)") ? "#fff" : "#000");
  root.style.setProperty("--link", contrast(accent, panel) >= 4.5 ? "var(--accent)" : "var(--link-safe)");
}
