/** Read the script tag, put the widget on the page, and join the panel to the line. */
import { settleColours } from "./contrast";
import { Line, type StoredTurn } from "./line";
import { Panel } from "./panel";
import { Session } from "./session";
import css from "./widget.css";
import { loadTexts } from "./texts";

const script = document.currentScript as HTMLScriptElement;

function start(): void {
  const { server = new URL(script.src).origin, emergency, texts: block, lang, dir, theme = "auto", side = "end" } = script.dataset;
  const texts = loadTexts(block);
  const session = new Session(server);
  const sent = new Map<string, string>(); // turn → what was sent, for another try
  const dismissed = new Set((session.get("dismissed") ?? "").split(" "));

  const send = (message: string, shown: string): void => {
    const turn = crypto.getRandomValues(new Uint32Array(4)).join("-");
    sent.set(turn, message);
    panel.said(turn, shown, "sending");
    line.send(turn, message);
    panel.busy = true;
  };

  const host = document.createElement("lumbar-widget");
  const panel: Panel = new Panel(host, texts, {
    send,
    retry: (turn) => {
      panel.mark(turn, "sending");
      line.send(turn, sent.get(turn) ?? "");
      panel.busy = true;
    },
    feedback: (answer, helpful, reason) => void line.feedback(answer, helpful, reason),
    clear: () => line.clear(),
    opened: () => line.open(),
    toggled: (open) => session.set("open", open ? "1" : null),
    dismissed: (id) => session.set("dismissed", [...dismissed.add(id)].join(" ")),
    remember: (yes) => (session.remembered = yes),
  }, dismissed, { emergency, remembered: session.remembered });

  let shown = false; // whether the stored conversation has been shown on this page
  const line: Line = new Line(server, session, {
    state: (state) => {
      panel.state = state;
      for (const turn of sent.keys()) if (state !== "open") panel.mark(turn, "waiting");
    },
    opened: (turns: StoredTurn[], about, fresh) => {
      panel.maximum = about.limit;
      panel.keptFor(about.keep_hours);
      panel.samples = about.samples;
      if (fresh) panel.empty(texts.expired);
      panel.history(turns, shown);
      for (const turn of sent.keys()) panel.mark(turn, "sending");
      shown = true;
    },
    said: (turn, text) => panel.said(turn, text),
    answered: (message) => panel.answered(message),
    complete: (turn) => {
      sent.delete(turn);
      panel.mark(turn, "");
      panel.busy = line.busy;
    },
    failed: (turn, notices, again) => {
      panel.mark(turn, again ? "failed" : "refused");
      if (!again) panel.giveBack(sent.get(turn) ?? "");
      for (const notice of notices) panel.notice(turn, notice);
      panel.busy = line.busy;
    },
    cleared: () => panel.empty(texts.cleared),
  });

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [sheet];
  panel.root.lang = lang || "en";
  panel.root.dir = dir || "ltr";
  panel.root.classList.add(`theme-${theme}`, `side-${side}`);
  shadow.append(panel.root);
  document.body.append(host);
  settleColours(panel.root);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => settleColours(panel.root));

  // any element of the page may ask: <button data-lumbar-ask="…"> with a question, or its own text
  document.addEventListener("click", (event) => {
    const asks = event.target instanceof Element && event.target.closest<HTMLElement>("[data-lumbar-ask]");
    if (!asks) return;
    const text = (asks.dataset.lumbarAsk || asks.textContent || "").trim();
    panel.open();
    if (text) send(text, text);
  });
  if (session.get("open")) panel.open(false);
}

if (document.body) start();
else addEventListener("DOMContentLoaded", start);
