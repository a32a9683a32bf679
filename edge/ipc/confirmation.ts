/** How the nucleus keeps what it has taken, and how long it may take until that is known to be at AWS IoT. */
export type ConfirmationTiming = Readonly<{
  /** How long an echo may be on its way. */
  echoMs: number;
  /** How long nothing may have failed until what the nucleus took counts as arrived without an echo. */
  holdMs: number;
  /** The longest that the nucleus may take from one message to the next without having been able to reconnect in between. */
  stepMs: number;
  /** Without an echo: the pause after as many messages as the nucleus holds. */
  paceMs: number;
  /** Without an echo: how often something must be published, so that a full store shows that nothing arrives. */
  probeMs: number;
  /** When an echo that never came is tried again. */
  tryAgainMs: number;
}>;

/**
 * Nucleus lite 2.6 keeps a connection alive by 30 s: a silent end of it is noticed 30 to 60 s later, and what was not
 * acknowledged until then is dropped. Eleven messages in 30 s overrun its store of ten, which it says.
 * https://github.com/aws-greengrass/aws-greengrass-lite/blob/main/modules/iotcored/src/mqtt.c
 */
export const NUCLEUS_TIMING: ConfirmationTiming = {
  echoMs: 10_000,
  holdMs: 120_000,
  stepMs: 20,
  paceMs: 300,
  probeMs: 2500,
  tryAgainMs: 600_000,
};

export type ConfirmationParts = Readonly<{
  /** Publishes an echo; resolves with whether the nucleus took it. Null while there is no right to one. */
  echo: () => ((text: string) => Promise<boolean>) | null;
  /** Repeats a message that the nucleus has taken; resolves with whether it took it again. */
  repeat: (topic: string, payload: string) => Promise<boolean>;
  /** Notified when what the nucleus took has not arrived. */
  onDoubt: (message: string) => void;
  timing: ConfirmationTiming;
}>;

/** Knows of what the nucleus has taken whether it has arrived. */
export type Confirmation = Readonly<{
  /** Resolves when the nucleus has room for a packet of so many bytes. */
  room(bytes: number): Promise<void>;
  /** The nucleus took a message: resolves with true once it is beyond doubt that AWS IoT has it, with false when it is to be sent again. */
  accepted(topic: string, payload: string): Promise<boolean>;
  /** An echo came back. */
  echoed(text: string): void;
  /** Something failed, or the connection is another one: nothing that is held is beyond doubt any more. */
  doubt(): void;
  /** Leaves what is held open: the queue keeps it. */
  close(): void;
}>;

/** The store of nucleus lite: 10 packets, 15,000 bytes; one packet and some bytes are left to the echo. */
const MAX_PACKETS = 9;
const MAX_BYTES = 14_800;
/** Head of a packet, at most. */
const HEAD_BYTES = 16;
/** So many echoes lost before any came back: the core has no right to it. Once one did, silence is an outage. */
const MAX_TRIALS = 3;
const MAX_SLOW = 3;
const GATHER_MS = 2;

type Settle = (isSure: boolean) => void;
type EchoEnd = 'back' | 'silent' | 'failed';
type Held = Readonly<{ atMs: number; settle: Settle }>;

/** What a packet needs of the nucleus's store. */
export const packetBytes = (topic: string, payload: string): number =>
  Buffer.byteLength(topic) + Buffer.byteLength(payload) + HEAD_BYTES;

/**
 * An echo right behind a few messages proves them: the connection keeps the order, and a new one takes longer to make than
 * the step from one to the next. Where there is none, what the nucleus took is held until its keep-alives must have
 * shown that the connection is dead.
 */
export const createConfirmation = (parts: ConfirmationParts): Confirmation => {
  const { timing, onDoubt } = parts;
  const now = () => performance.now();
  let batch: Settle[] = [];
  let [packets, bytes, beganMs, lastMs] = [0, 0, 0, 0];
  let isQuick = true;
  let held: Held[] = [];
  let last: Readonly<{ topic: string; payload: string }> | null = null;
  /** A publish of our own is under way: of two at once one would fail. */
  let busy: Promise<void> | null = null;
  let isPublishing = false;
  let awaited: Readonly<{ text: string; end(end: EchoEnd): void }> | null = null;
  let echoes = 0;
  let [hasEchoed, silent, slow, silentUntilMs] = [false, 0, 0, 0];
  /** The shortest way there and back: to connect anew takes three of them. */
  let fastestMs = 0;
  let gather: NodeJS.Timeout | undefined;
  let isClosed = false;
  const run = Math.random().toString(36).slice(2);

  const sendEcho = () => (now() < silentUntilMs ? null : parts.echo());

  function takeBatch(): Settle[] {
    const taken = batch;
    batch = [];
    [packets, bytes, isQuick] = [0, 0, true];
    return taken;
  }

  function hold(settles: readonly Settle[]): void {
    const atMs = now();
    held.push(...settles.map((settle) => ({ atMs, settle })));
  }

  function doubt(): void {
    const all = [...takeBatch(), ...held.map(({ settle }) => settle)];
    held = [];
    last = null;
    isPublishing = false;
    awaited?.end('failed');
    if (!isClosed) for (const settle of all) settle(false);
  }

  /** Sends the echo of the batch, and waits for it. */
  async function prove(send: (text: string) => Promise<boolean>): Promise<void> {
    const text = `${run}-${++echoes}`;
    const { promise, resolve } = Promise.withResolvers<EchoEnd>();
    awaited = { text, end: resolve };
    const [beforeMs, fromMs] = [lastMs, now()];
    if (!(await send(text))) resolve('failed');
    isQuick &&= now() - beforeMs <= Math.max(timing.stepMs, 2 * fastestMs);
    const timer = setTimeout(resolve, timing.echoMs, 'silent');
    const end = await promise;
    clearTimeout(timer);
    awaited = null;
    const wasQuick = isQuick;
    const proven = takeBatch();
    if (isClosed) return;
    if (end === 'back') {
      fastestMs = Math.min(fastestMs === 0 ? Number.POSITIVE_INFINITY : fastestMs, now() - fromMs);
      return settleProven(proven, wasQuick);
    }
    silent = end === 'silent' ? silent + 1 : 0;
    if (!hasEchoed && silent >= MAX_TRIALS) {
      silentUntilMs = now() + timing.tryAgainMs;
      silent = 0;
      return hold(proven);
    }
    for (const settle of proven) settle(false);
    doubt();
    onDoubt(
      end === 'failed' ? 'the nucleus takes no more' : 'what the nucleus took does not reach AWS IoT Core',
    );
  }

  function settleProven(proven: readonly Settle[], wasQuick: boolean): void {
    [hasEchoed, silent] = [true, 0];
    slow = wasQuick ? 0 : slow + 1;
    if (wasQuick) for (const settle of proven) settle(true);
    else if (slow > MAX_SLOW) hold(proven);
    else for (const settle of proven) settle(false);
  }

  function closeBatch(): void {
    clearTimeout(gather);
    const send = sendEcho();
    if (busy !== null || batch.length === 0) return;
    if (send === null) {
      hold(takeBatch());
      return;
    }
    busy = prove(send).finally(() => {
      busy = null;
    });
  }

  async function pace(): Promise<void> {
    const waitMs = beganMs + timing.paceMs - now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    [packets, bytes] = [0, 0];
  }

  const everyProbe = setInterval(() => {
    const sureMs = now() - timing.holdMs;
    while (held[0] !== undefined && held[0].atMs <= sureMs) held.shift()?.settle(true);
    if (
      held.length === 0 ||
      last === null ||
      isPublishing ||
      busy !== null ||
      now() - lastMs < timing.probeMs
    )
      return;
    const { topic, payload } = last;
    lastMs = now();
    busy = parts.repeat(topic, payload).then((isTaken) => {
      busy = null;
      if (isTaken || isClosed) return;
      doubt();
      onDoubt('the nucleus takes no more');
    });
  }, timing.probeMs / 2);
  everyProbe.unref();

  return {
    async room(more) {
      // An echo or a repetition at the same time as the message would be one publish too many.
      clearTimeout(gather);
      isPublishing = true;
      const isFull = () => packets >= MAX_PACKETS || bytes + more > MAX_BYTES;
      if (busy === null && isFull() && batch.length > 0) closeBatch();
      while (busy !== null) await busy;
      if (isFull()) await pace();
      // A doubt in the meantime has let a repetition go.
      while (busy !== null) await busy;
      isPublishing = true;
    },
    accepted(topic, payload) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      if (packets === 0) beganMs = now();
      else isQuick &&= now() - lastMs <= Math.max(timing.stepMs, 2 * fastestMs);
      lastMs = now();
      isPublishing = false;
      packets += 1;
      bytes += packetBytes(topic, payload);
      if (sendEcho() === null) {
        last = { topic, payload };
        hold([resolve]);
        return promise;
      }
      batch.push(resolve);
      clearTimeout(gather);
      gather = setTimeout(closeBatch, GATHER_MS);
      return promise;
    },
    echoed(text) {
      if (awaited?.text === text) awaited.end('back');
    },
    doubt,
    close() {
      isClosed = true;
      clearTimeout(gather);
      clearInterval(everyProbe);
    },
  };
};
