/** What the browser keeps: the key to the conversation, and what was seen and dismissed. Never a message. */

const ASKED_FOR = 150; // milliseconds that other tabs have to answer

export class Session {
  private readonly channel: BroadcastChannel | null;

  /** @param server conversations of different servers are kept apart. */
  constructor(private readonly server: string) {
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(`lumbar ${server}`) : null;
    this.channel?.addEventListener("message", ({ data }) => {
      if (data === "?" && this.token) this.channel?.postMessage(this.token);
    });
  }

  /** The key, from this tab or, if the person agreed to that, from this device. */
  get token(): string | null {
    return this.get("token");
  }

  /** The key of this tab, or of another tab that is open on the same site. */
  async find(): Promise<string | null> {
    if (this.token || !this.channel) return this.token;
    const channel = this.channel;
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(null), ASKED_FOR);
      const hear = ({ data }: MessageEvent) => typeof data === "string" && data !== "?" && finish(data);
      const finish = (token: string | null): void => {
        clearTimeout(timer);
        channel.removeEventListener("message", hear);
        resolve(token);
      };
      channel.addEventListener("message", hear);
      channel.postMessage("?");
    });
  }

  set token(token: string | null) {
    this.set("token", token);
    if (this.remembered) this.store("localStorage")?.setItem(this.name("token"), token ?? "");
  }

  /** Whether the key outlives the tab: only if the person said so. */
  get remembered(): boolean {
    return this.store("localStorage")?.getItem(this.name("remember")) === "1";
  }

  set remembered(yes: boolean) {
    const device = this.store("localStorage");
    if (yes) {
      device?.setItem(this.name("remember"), "1");
      device?.setItem(this.name("token"), this.token ?? "");
    } else {
      device?.removeItem(this.name("remember"));
      device?.removeItem(this.name("token"));
    }
  }

  get(key: string): string | null {
    const here = this.store("sessionStorage")?.getItem(this.name(key));
    return here || (key === "token" && this.remembered && this.store("localStorage")?.getItem(this.name(key))) || null;
  }

  set(key: string, value: string | null): void {
    if (value === null) this.store("sessionStorage")?.removeItem(this.name(key));
    else this.store("sessionStorage")?.setItem(this.name(key), value);
  }

  private name(key: string): string {
    return `lumbar ${this.server} ${key}`;
  }

  /** A storage, or nothing where the browser refuses it: the widget then works for this page alone. */
  private store(kind: "sessionStorage" | "localStorage"): Storage | null {
    try {
      return window[kind];
    } catch {
      return null;
    }
  }
}
