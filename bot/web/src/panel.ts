/** What is seen: launcher, panel, messages. It holds no state of the conversation but what it shows. */
import { el, icon, unseen } from "./dom";
import type { Button, Message, Says, State, StoredTurn } from "./line";
import { paragraph, prose } from "./prose";
import { fill, type Texts } from "./texts";

const BUBBLE = "M4 4h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z";
const CROSS = "M6 4.6 12 10.6 18 4.6 19.4 6 13.4 12 19.4 18 18 19.4 12 13.4 6 19.4 4.6 18 10.6 12 4.6 6z";
const DOTS = "M5 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm7 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4zm7 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4z";
const ALERT = "M8 2h8l6 6v8l-6 6H8l-6-6V8zm3 5v7h2V7zm0 9v2h2v-2z";
const SPOKEN_FOR = 3000; // milliseconds that an announcement stays for a screen reader to pick up
const AT_END = 60; // pixels from the end that still count as the end
const COUNT_FROM = 500; // characters before the limit from which the rest is counted
const TITLED = /^[^.:?!]{3,40}: /; // a line of a plan that names a group of exercises
const SPOKEN = { lang: "en" }; // what the bot says, whatever the language of the panel
const URGENT = ["emergency", "crisis", "urgent"];

/** What the panel asks for. */
export interface Wishes {
  send(message: string, shown: string): void;
  retry(turn: string): void;
  feedback(answer: string, helpful: boolean, reason?: string): void;
  clear(): Promise<boolean>;
  opened(): void;
  toggled(open: boolean): void;
  dismissed(id: string): void;
  remember(yes: boolean): void;
}

interface Turn {
  list: HTMLElement;
  state: HTMLElement | null;
}

export class Panel {
  readonly root: HTMLElement;
  private readonly launcher: HTMLButtonElement;
  private readonly panel: HTMLElement;
  private readonly scroller: HTMLElement;
  private readonly list: HTMLOListElement;
  private readonly welcome: HTMLElement;
  private readonly pinned: HTMLElement;
  private readonly newer: HTMLButtonElement;
  private readonly status: HTMLElement;
  private readonly menu: HTMLElement;
  private readonly input: HTMLTextAreaElement;
  private readonly counter: HTMLElement;
  private readonly kept: HTMLElement;
  private readonly polite = el("div", { class: "unseen", role: "log", "aria-live": "polite" });
  private readonly assertive = el("div", { class: "unseen", role: "alert" });
  private readonly small = matchMedia("(max-width: 480px)"); // as in widget.css
  private readonly low = matchMedia("(max-height: 480px)");
  private turns = new Map<string, Turn>();
  private inert: Element[] = [];
  private limit = Infinity;
  private count = 0;
  private line: State = "closed";
  private typing = false;
  private shown = "";

  constructor(
    private readonly host: HTMLElement,
    private readonly t: Texts,
    private readonly wishes: Wishes,
    private readonly dismissed: Set<string>,
    options: { emergency?: string; remembered: boolean },
  ) {
    this.polite.setAttribute("aria-label", t.log);
    this.kept = el("p", {}, t.keptText);
    this.launcher = el(
      "button",
      { class: "launcher", type: "button", "aria-expanded": "false", "aria-controls": "panel", click: () => this.toggle() },
      icon(BUBBLE),
      el("span", {}, t.open),
    );
    this.input = el("textarea", {
      id: "message", rows: "1", placeholder: t.placeholder, "aria-describedby": "counter", autocomplete: "off",
      input: () => this.countLeft(),
      keydown: ((event: KeyboardEvent) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.submit();
      }) as EventListener,
    });
    this.counter = el("p", { class: "counter", id: "counter" });
    this.status = el("p", { class: "status", role: "status" });
    this.list = el("ol", { class: "list" });
    this.welcome = el("div", { class: "welcome" });
    this.scroller = el("div", { class: "scroll", role: "region", "aria-label": t.log, tabindex: "0", scroll: () => this.scrolled() },
      this.welcome, this.list);
    this.pinned = el("section", { class: "pinned", "aria-label": t.important, hidden: true });
    this.newer = el("button", { class: "newer", type: "button", hidden: true, click: () => this.toEnd() }, t.newMessages);
    this.menu = this.makeMenu(options.remembered);
    const menuButton = el("button", { class: "plain", type: "button", "aria-label": t.menu, "aria-expanded": "false", "aria-controls": "menu",
      click: () => {
        this.menu.hidden = !this.menu.hidden;
        menuButton.setAttribute("aria-expanded", String(!this.menu.hidden));
      } }, icon(DOTS));
    this.panel = el("section", { class: "panel", id: "panel", "aria-labelledby": "title", hidden: true,
      scroll: () => this.scrolled(),
      keydown: ((event: KeyboardEvent) => event.key === "Escape" && this.close()) as EventListener },
      el("header", {},
        el("h2", { id: "title" }, t.title),
        menuButton,
        el("button", { class: "plain", type: "button", "aria-label": t.close, click: () => this.close() }, icon(CROSS))),
      el("div", { class: "about" }, el("p", {}, t.bot), this.emergencyLine(options.emergency)),
      this.menu,
      this.pinned,
      this.scroller,
      this.newer,
      this.status,
      el("form", { submit: ((event: Event) => { event.preventDefault(); this.submit(); }) as EventListener },
        el("label", { for: "message", class: "unseen" }, t.label),
        this.input,
        el("button", { class: "send", type: "submit" }, t.send)),
      this.counter,
    );
    this.root = el("div", { class: "root" }, this.launcher, this.panel, this.polite, this.assertive);
    this.small.addEventListener("change", () => this.setModal());
  }

  // -- opening and closing --------------------------------------------------------------------------------------------

  get isOpen(): boolean {
    return !this.panel.hidden;
  }

  /** @param focus false where the page was loaded again with the panel open: the reader did not ask to go there. */
  open(focus = true): void {
    this.panel.hidden = false;
    this.launcher.setAttribute("aria-expanded", "true");
    this.count = 0;
    this.nameLauncher();
    this.setModal();
    this.toEnd();
    if (focus) this.input.focus();
    this.wishes.toggled(true);
    this.wishes.opened();
  }

  close(): void {
    this.panel.hidden = true;
    this.launcher.setAttribute("aria-expanded", "false");
    this.setModal();
    this.launcher.focus();
    this.wishes.toggled(false);
  }

  private toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** On a small screen the panel covers the page, so the page behind it must not be reachable either. */
  private setModal(): void {
    const modal = this.isOpen && this.small.matches;
    this.panel.setAttribute("role", modal ? "dialog" : "region");
    if (modal) this.panel.setAttribute("aria-modal", "true");
    else this.panel.removeAttribute("aria-modal");
    this.launcher.hidden = modal;
    for (const element of this.inert.splice(0)) element.removeAttribute("inert");
    if (!modal) return;
    this.inert = [...document.body.children].filter((element) => element !== this.host && !element.hasAttribute("inert"));
    for (const element of this.inert) element.setAttribute("inert", "");
  }

  private nameLauncher(): void {
    const text = this.count ? fill(this.t.openWith, "count", this.count) : this.t.open;
    this.launcher.lastElementChild!.textContent = text;
  }

  private emergencyLine(number: string | undefined): HTMLElement {
    if (!number) return el("p", { class: "emergency" }, this.t.emergencyNoNumber);
    const [before = "", after = ""] = this.t.emergency.split("{number}");
    return el("p", { class: "emergency" }, before, el("a", { href: `tel:${number.replace(/[^\d+]/g, "")}` }, number), after);
  }

  // -- menu -----------------------------------------------------------------------------------------------------------

  private makeMenu(remembered: boolean): HTMLElement {
    const { t } = this;
    const remember = el("input", { type: "checkbox", checked: remembered,
      change: () => this.wishes.remember(remember.checked) });
    const sure = el("div", { class: "sure", role: "group", "aria-label": t.clear, hidden: true },
      el("p", {}, t.clearAsk),
      el("button", { type: "button", click: () => void this.clear(sure) }, t.clearYes),
      el("button", { type: "button", click: () => { sure.hidden = true; clear.focus(); } }, t.clearNo));
    const clear = el("button", { type: "button", click: () => {
      sure.hidden = false;
      sure.querySelector("button")?.focus();
    } }, t.clear);
    return el("div", { class: "menu", id: "menu", hidden: true },
      el("button", { type: "button", click: () => this.download() }, t.download),
      clear,
      sure,
      el("details", {},
        el("summary", {}, t.kept),
        this.kept,
        el("label", { class: "check" }, remember, t.remember)));
  }

  private async clear(sure: HTMLElement): Promise<void> {
    const done = await this.wishes.clear();
    sure.hidden = true;
    if (done) this.empty(this.t.cleared);
    else this.say(this.t.clearFailed);
    this.input.focus();
  }

  /** Take all messages away. */
  empty(why: string): void {
    this.turns.clear();
    this.list.replaceChildren();
    this.pinned.replaceChildren();
    this.pinned.hidden = true;
    this.showWelcome();
    this.say(why);
  }

  private download(): void {
    const lines = [...this.list.querySelectorAll<HTMLElement>("[data-said]")].map((item) => item.dataset.said);
    const url = URL.createObjectURL(new Blob([`${this.t.title}\n\n${lines.join("\n\n")}\n`], { type: "text/plain" }));
    el("a", { href: url, download: this.t.downloadName }).click();
    URL.revokeObjectURL(url);
  }

  // -- before the first message ---------------------------------------------------------------------------------------

  /** Say what is kept, and for how long. */
  keptFor(hours: number): void {
    this.kept.textContent = `${this.t.keptText} ${fill(this.t.keptFor, "hours", hours)}`;
  }

  /** Questions to begin with, and what is kept: seen until there is a message. */
  set samples(questions: string[]) {
    const buttons = questions.map((question) => el("button", { ...SPOKEN, type: "button", click: () => {
      this.focusAfterChoice();
      this.wishes.send(question, question);
    } }, question));
    this.welcome.replaceChildren(
      el("div", { class: "replies", role: "group", "aria-label": this.t.samples }, el("p", {}, this.t.samples), ...buttons),
      el("p", {}, this.kept.textContent));
    this.showWelcome();
  }

  private showWelcome(): void {
    this.welcome.hidden = this.list.childElementCount > 0;
  }

  // -- writing --------------------------------------------------------------------------------------------------------

  set maximum(limit: number) {
    this.limit = limit;
    this.countLeft();
  }

  private countLeft(): void {
    const left = this.limit - this.input.value.length;
    const text = left < 0 ? fill(this.t.tooLong, "count", -left) : fill(this.t.left, "count", left);
    this.counter.textContent = left <= COUNT_FROM ? text : "";
    this.input.setAttribute("aria-invalid", String(left < 0));
  }

  private submit(): void {
    const text = this.input.value;
    if (!text.trim() || text.length > this.limit) return;
    this.input.value = "";
    this.countLeft();
    this.wishes.send(text, text);
  }

  /** Put a refused message back into the field, to be changed, unless something else was begun there. */
  giveBack(text: string): void {
    if (!this.input.value) this.input.value = text;
    this.countLeft();
  }

  // -- messages -------------------------------------------------------------------------------------------------------

  /** The reader's own message. */
  said(turn: string, text: string, state: "sending" | "waiting" | "" = ""): void {
    if (this.turns.has(turn)) return;
    this.retire();
    const status = el("p", { class: "state" });
    const item = el("li", { class: "me", "data-said": `${this.t.you}: ${text}` }, unseen(`${this.t.you}: `), el("p", {}, text));
    const list = el("ol", {}, item);
    this.turns.set(turn, { list, state: status });
    this.list.append(el("li", { class: "turn" }, list, status));
    this.showWelcome();
    if (state) this.mark(turn, state);
    this.toEnd();
  }

  /** Say below a message whether it is on its way. */
  mark(turn: string, state: "sending" | "waiting" | "" | "failed" | "refused"): void {
    const status = this.turns.get(turn)?.state;
    if (!status) return;
    const words = { sending: this.t.sending, waiting: this.t.waiting, failed: this.t.failed, refused: this.t.failed, "": "" }[state];
    status.replaceChildren(words);
    if (state === "failed") {
      status.append(" ", el("button", { type: "button", click: () => { this.input.focus(); this.wishes.retry(turn); } }, this.t.retry));
    }
    status.className = `state ${state}`;
  }

  /** One text of a reply. History is shown without being read out again. */
  answered(message: Message, announce = true): void {
    // a long reply is shown from its start: its later texts lie beyond the edge, and that is where the reader is
    const near = this.nearEnd() || this.shown === message.turn;
    if (!this.turns.has(message.turn)) this.said(message.turn, "");
    const list = this.turns.get(message.turn)!.list;
    const item = this.makeMessage(message);
    list.append(item);
    if (isPinned(message.says)) this.pin(message, item);
    if (announce) this.announce(message);
    if (!this.isOpen) {
      this.count += 1;
      this.nameLauncher();
    }
    if (near || !announce) {
      this.shown = message.turn;
      this.showTurn(list);
    } else {
      this.newer.hidden = false;
    }
  }

  /** What is said outside the conversation: why a message was not taken. */
  notice(turn: string, text: string): void {
    const list = this.turns.get(turn)?.list;
    if (!list) return;
    list.append(el("li", { class: "bot notice" }, unseen(`${this.t.assistant}: `), el("div", SPOKEN, ...prose(text))));
    this.speak(this.assertive, text, SPOKEN);
    this.toEnd();
  }

  /** Show a stored conversation, or what was missed of it. */
  history(turns: StoredTurn[], announce: boolean): void {
    for (const { turn, text, messages } of turns) {
      this.said(turn, text);
      for (const message of messages) this.answered(message, announce);
    }
    if (turns.length) this.toEnd();
  }

  private makeMessage(message: Message): HTMLElement {
    const { says } = message;
    const kind = says?.kind ?? "talk";
    const item = el("li", { class: `bot ${kind}`, "data-id": message.id, "data-said": `${this.t.assistant}: ${message.text}` },
      unseen(`${this.t.assistant}: `));
    if (kind === "care" && says) {
      item.classList.add(says.level ?? "");
      item.append(this.level(says), el("div", SPOKEN, ...prose(message.text, (_, place) => (place ? "" : "heading"))));
    } else {
      if (says?.plan) item.append(el("p", { class: "label" }, this.t.plan));
      if (says?.plan) item.classList.add("plan");
      item.append(el("div", SPOKEN, ...prose(message.text, lineClass(message))));
    }
    if (message.quick_replies?.length) item.append(this.replies(message.quick_replies, Boolean(says?.asks)));
    if (kind === "answer" && says?.ids[0]) item.append(this.thumbs(says.ids[0]));
    return item;
  }

  private level(says: Says): HTMLElement {
    const words = says.informational ? this.t.information : (this.t.levels as Record<string, string>)[says.level ?? ""];
    return el("p", { class: "label" }, icon(ALERT), words ?? this.t.important);
  }

  private replies(buttons: Button[], asks: boolean): HTMLElement {
    const group = el("div", { class: "replies", role: "group", "aria-label": this.t.options, "data-asks": asks });
    for (const { title, payload } of buttons) {
      group.append(el("button", { ...SPOKEN, type: "button", click: ((event: Event) => {
        (event.currentTarget as HTMLElement).classList.add("chosen");
        this.focusAfterChoice();
        this.wishes.send(payload ?? title, title);
      }) as EventListener }, title));
    }
    return group;
  }

  /** The buttons of a question are for its own turn: "yes" must not answer a question of long ago. */
  private retire(): void {
    for (const button of this.list.querySelectorAll<HTMLButtonElement>("[data-asks] button")) button.disabled = true;
  }

  /** To the message field; on a touch screen that would open the keyboard over the reply, so to the conversation. */
  private focusAfterChoice(): void {
    if (matchMedia("(hover: hover)").matches) this.input.focus();
    else this.scroller.focus();
  }

  private thumbs(answer: string): HTMLElement {
    const { t } = this;
    const group = el("div", { class: "thumbs", role: "group", "aria-label": t.helpful, tabindex: "-1" });
    const finish = (helpful: boolean, reason?: string): void => {
      this.wishes.feedback(answer, helpful, reason);
      group.replaceChildren(el("span", {}, t.thanks));
      group.focus();
      this.say(t.thanks);
    };
    const why = (): void => {
      const reasons = Object.entries(t.reasons).map(([reason, title]) =>
        el("button", { type: "button", click: () => finish(false, reason) }, title));
      group.replaceChildren(el("span", {}, t.reason), ...reasons);
      group.querySelector("button")?.focus();
    };
    group.append(el("span", {}, t.helpful),
      el("button", { type: "button", click: () => finish(true) }, t.yes),
      el("button", { type: "button", click: why }, t.no));
    return group;
  }

  // -- care -----------------------------------------------------------------------------------------------------------

  /** Keep a care card in sight until it is dismissed; the same card shown again takes its own place. */
  private pin(message: Message, item: HTMLElement): void {
    if (this.dismissed.has(message.id)) return;
    const says = message.says!;
    const card = says.ids.join();
    this.pinned.querySelector(`[data-card="${CSS.escape(card)}"]`)?.remove();
    const pin: HTMLElement = el("div", { class: `care ${says.level ?? ""}`, "data-card": card },
      this.level(says),
      el("div", SPOKEN, paragraph(message.text.split("\n")[0] ?? "", "heading")),
      el("button", { type: "button", click: () => { item.scrollIntoView({ block: "nearest" }); this.scroller.focus(); } }, this.t.show),
      el("button", { type: "button", click: () => {
        pin.remove();
        this.pinned.hidden = !this.pinned.childElementCount;
        this.wishes.dismissed(message.id);
        this.input.focus();
      } }, this.t.dismiss));
    this.pinned.append(pin);
    this.pinned.hidden = false;
  }

  // -- status and announcements ---------------------------------------------------------------------------------------

  set state(state: State) {
    this.line = state;
    this.showStatus();
  }

  set busy(busy: boolean) {
    this.typing = busy;
    this.showStatus();
  }

  private showStatus(): void {
    const { t } = this;
    const words: Partial<Record<State, string>> = {
      connecting: t.connecting, offline: t.offline, reconnecting: t.reconnecting, unreachable: t.unreachable,
    };
    const text = words[this.line] ?? (this.typing && this.line === "open" ? t.typing : "");
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.classList.toggle("typing", text === t.typing);
  }

  /** A short word on what was done. */
  private say(text: string): void {
    this.speak(this.polite, text);
  }

  private announce(message: Message): void {
    const { says } = message;
    const assertive = says?.kind === "care" && !says.informational && URGENT.includes(says.level ?? "");
    const titles = message.quick_replies?.map(({ title }) => title).join(", ");
    const text = titles ? `${message.text}\n${this.t.options}: ${titles}` : message.text;
    this.speak(assertive ? this.assertive : this.polite, text, SPOKEN);
  }

  private speak(region: HTMLElement, text: string, language = {}): void {
    const spoken = el("p", language, text);
    region.append(spoken);
    setTimeout(() => spoken.remove(), SPOKEN_FOR);
  }

  // -- scrolling ------------------------------------------------------------------------------------------------------

  /** What scrolls: the conversation, or the whole panel where the window is low. */
  private get moving(): HTMLElement {
    return this.low.matches ? this.panel : this.scroller;
  }

  private nearEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.moving;
    return scrollHeight - scrollTop - clientHeight < AT_END;
  }

  private scrolled(): void {
    if (this.nearEnd()) this.newer.hidden = true;
  }

  /** Show a reply from its beginning: to its end, but no further than the question stays in sight. */
  private showTurn(list: HTMLElement): void {
    const above = this.low.matches ? this.scroller.offsetTop : 0;
    this.moving.scrollTop = above + list.offsetTop - 8;
  }

  private toEnd(): void {
    this.newer.hidden = true;
    this.moving.scrollTop = this.moving.scrollHeight;
  }
}

/** Whether a card stays in sight: one that speaks of now, not one for information. */
function isPinned(says: Says | undefined): boolean {
  return says?.kind === "care" && !says.informational;
}

/** The source, the safety line and the notes of an answer are set apart from what it says. */
function lineClass({ text, says }: Message): (line: string, place: number) => string {
  const lines = text.split("\n");
  const url = says?.source?.url;
  const source = url ? lines.findLastIndex((line) => line.includes(url)) : -1;
  return (line, place) => {
    if (source < 0) return "";
    if (place === source) return "source";
    if (place > source) return "safety";
    if (line.startsWith("Not from the document:")) return "note";
    return says?.plan && TITLED.test(line) ? "group" : "";
  };
}
