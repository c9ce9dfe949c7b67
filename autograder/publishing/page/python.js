// Keeps one Python in the background for all exercises of the site, from the first that asks for it.

// Nothing that is asked for here takes a second, so longer means for ever.
export const SECONDS = 10;

export class Stopped extends Error {}

// Where the site was built without the runtime.
export class Absent extends Error {}

class Python {
  ready = false;
  #worker = null;
  #ready = null;
  #waiting = null;
  #listeners = new Set();
  #turn = Promise.resolve();

  // Loads Python unless it is there or on its way; `listen` is told the share that has arrived.
  start(listen = () => {}) {
    this.#listeners.add(listen);
    this.#ready ??= this.#begin();
    return this.#ready.finally(() => this.#listeners.delete(listen));
  }

  #begin() {
    const worker = (this.#worker = new Worker(new URL("worker.js", import.meta.url)));
    return this.#ask({ kind: "start" }, "ready").then(
      () => (this.ready = true),
      (error) => {
        if (this.#worker === worker) this.#end(); // Unless another was begun meanwhile.
        throw error;
      },
    );
  }

  // Returns the verdict on an exercise (see `autograder.browser.checking`). One is asked for at a time.
  check(request) {
    return this.#inTurn({ kind: "check", request }, "checked");
  }

  // Returns the numbers of a picture of what an exercise's function does, or null.
  picture(request) {
    return this.#inTurn({ kind: "picture", request }, "pictured");
  }

  #inTurn(message, wanted) {
    const mine = this.#turn.then(() => this.#answer(message, wanted));
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async #answer(message, wanted) {
    await this.start();
    const limit = setTimeout(() => this.stop(), 1000 * SECONDS);
    try {
      return (await this.#ask(message, wanted)).answer;
    } catch (error) {
      // Nothing that a reader writes should come to this, so who knows what state Python is in.
      if (!(error instanceof Stopped)) this.#end();
      throw error;
    } finally {
      clearTimeout(limit);
    }
  }

  // Ends what is running, and begins anew: that takes a few seconds, but nothing is loaded again.
  stop() {
    const waiting = this.#waiting;
    this.#end();
    waiting?.reject(new Stopped());
    this.start().catch(() => {});
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = this.#ready = this.#waiting = null;
    this.ready = false;
  }

  #ask(message, wanted) {
    return new Promise((resolve, reject) => {
      this.#waiting = { reject };
      this.#worker.onmessage = ({ data }) => {
        if (data.kind === "loading") this.#listeners.forEach((listen) => listen(data.share));
        if (data.kind === wanted) resolve(data);
        if (data.kind === "failed") reject(new (data.absent ? Absent : Error)(data.message));
      };
      this.#worker.onerror = (event) => reject(new Error(event.message));
      this.#worker.postMessage(message);
    });
  }
}

export const python = new Python();
