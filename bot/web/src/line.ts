/** The line to the server: what is sent arrives once, what is answered is shown once, whatever happens in between. */
import { io, type Socket } from "socket.io-client";
import type { Session } from "./session";

export interface Button {
  title: string;
  payload?: string;
}

/** An entry of the reply contract. */
export interface Says {
  kind: string;
  ids: string[];
  level: string | null;
  asks: string | null;
  informational?: boolean;
  plan?: boolean;
  source?: { title: string; url: string };
}

export interface Message {
  id: string;
  turn: string;
  text: string;
  quick_replies?: Button[];
  says?: Says;
}

export interface StoredTurn {
  turn: string;
  text: string;
  messages: Message[];
}

interface Answer {
  ok: boolean;
  error?: string;
  messages?: { text: string }[];
}

/** What the server says of a session, and of what it takes. */
export interface Opened extends Answer {
  session_id: string;
  limit: number;
  samples: string[];
  keep_hours: number;
  turns: StoredTurn[] | null; // null while they cannot be read
}

export type State = "closed" | "connecting" | "open" | "offline" | "reconnecting" | "unreachable";

interface Waiting {
  turn: string;
  message: string;
  tries: number;
}

/** What the line tells of. */
export interface Listener {
  state(state: State): void;
  opened(turns: StoredTurn[], about: Opened, fresh: boolean): void;
  said(turn: string, text: string): void;
  answered(message: Message): void;
  complete(turn: string): void;
  failed(turn: string, texts: string[], again: boolean): void;
  cleared(): void;
}

const ANSWER_WITHIN = 20_000; // milliseconds; the server itself gives a turn up after 10 seconds
const HISTORY_AGAIN = 5_000; // milliseconds until a conversation that could not be read is asked for again
const AGAIN = ["error", "rate_limited"]; // refusals after which the same message may be sent again

export class Line {
  private socket: Socket | null = null;
  private outbox: Waiting[] = [];
  private sending = false;
  private ready = false;
  private early: (() => void)[] = [];
  private last: string | null = null;
  private seen = new Set<string>();

  constructor(
    private readonly server: string,
    private readonly session: Session,
    private readonly listener: Listener,
  ) {}

  /** Connect, unless that was done. Nothing goes over the network before. */
  open(): void {
    if (this.socket) return;
    this.listener.state("connecting");
    const socket = (this.socket = io(this.server, {
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
    }));
    socket.on("connect", () => void this.openSession());
    socket.on("disconnect", () => {
      this.ready = false;
      this.listener.state(navigator.onLine ? "reconnecting" : "offline");
    });
    socket.on("connect_error", () => this.listener.state(navigator.onLine ? "unreachable" : "offline"));
    socket.on("user_said", (said: { turn: string; text: string }) => this.once(() => this.listener.said(said.turn, said.text)));
    socket.on("bot_uttered", (message: Message) => this.once(() => this.take(message)));
    socket.on("turn_complete", ({ turn }: { turn: string }) => this.once(() => this.complete(turn)));
    socket.on("session_cleared", () => this.forget());
    window.addEventListener("online", () => socket.connected || socket.connect());
  }

  /** Send a message, now or when the line is open. */
  send(turn: string, message: string): void {
    this.outbox.push({ turn, message, tries: 0 });
    void this.flush();
  }

  /** Whether messages wait to be sent or answered. */
  get busy(): boolean {
    return this.outbox.length > 0;
  }

  /** Have the server delete the conversation. */
  async clear(): Promise<boolean> {
    const answer = await this.ask<Opened>("clear_session", {});
    if (!answer?.ok) return false;
    this.session.token = answer.session_id;
    this.reset();
    return true;
  }

  /** Say whether an answer helped. */
  async feedback(answer: string, helpful: boolean, reason?: string): Promise<void> {
    await this.ask("feedback", { answer, helpful, ...(reason && { reason }) });
  }

  private reset(): void {
    this.outbox = [];
    this.last = null;
    this.seen.clear();
  }

  /** The conversation was deleted in another tab. */
  private forget(): void {
    this.session.token = null;
    this.reset();
    this.listener.cleared();
    this.ready = false;
    void this.openSession();
  }

  private async openSession(): Promise<void> {
    const token = await this.session.find();
    const opened = await this.ask<Opened>("session_request", { session_id: token, after: this.last });
    if (opened && !opened.turns) setTimeout(() => void this.openSession(), HISTORY_AGAIN);
    if (!opened?.ok) return;
    const fresh = token !== null && identity(token) !== identity(opened.session_id);
    if (fresh) this.last = null;
    this.session.token = opened.session_id;
    const missed = (opened.turns ?? []).map((turn) => ({ ...turn, messages: turn.messages.filter((message) => this.isNew(message)) }));
    this.listener.state("open");
    this.listener.opened(missed, opened, fresh);
    for (const { turn } of missed) this.complete(turn);
    this.ready = true;
    this.early.splice(0).forEach((event) => event());
    void this.flush();
  }

  /** Do it now, or after what was missed has been shown: order is kept. */
  private once(event: () => void): void {
    if (this.ready) event();
    else this.early.push(event);
  }

  private isNew(message: Message): boolean {
    const known = this.seen.has(message.id);
    this.seen.add(message.id);
    return !known;
  }

  private take(message: Message): void {
    // what has no id belongs to no turn: it says why a message was refused, as the answer to that message does
    if (message.id && this.isNew(message)) this.listener.answered(message);
  }

  private complete(turn: string): void {
    this.last = turn;
    this.outbox = this.outbox.filter((waiting) => waiting.turn !== turn);
    this.listener.complete(turn);
  }

  /** One message at a time, so that they arrive in order. */
  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let next = this.outbox[0]; next && this.ready; next = this.outbox[0]) {
      const { turn, message, tries } = next;
      next.tries += 1;
      const answer = await this.ask<Answer>("user_uttered", { turn, message, retry: tries > 0 });
      if (!answer) break; // the line is cut: sent again when it is back
      this.outbox = this.outbox.filter((waiting) => waiting.turn !== turn);
      if (!answer.ok) {
        const texts = (answer.messages ?? []).map(({ text }) => text);
        this.listener.failed(turn, texts, AGAIN.includes(answer.error ?? ""));
      }
    }
    this.sending = false;
  }

  /** The server's answer to an event, or nothing where none comes. */
  private async ask<Kind extends Answer>(event: string, data: object): Promise<Kind | null> {
    const socket = this.socket;
    if (!socket?.connected) return null;
    try {
      return (await socket.timeout(ANSWER_WITHIN).emitWithAck(event, data)) as Kind;
    } catch {
      if (socket.connected) socket.disconnect().connect(); // it says that it is there, but does not answer
      return null;
    }
  }
}

function identity(token: string): string | undefined {
  return token.split(".")[0];
}
