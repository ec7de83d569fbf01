import type { Access } from './access.ts';
import type { RawClient } from './api/client.ts';
import type { Configuration } from './config.ts';
import type { Output } from './output/output.ts';
import type { Redactor } from './output/redact.ts';
import type { Prompter } from './prompts.ts';
import type { Settings } from './settings.ts';

export interface OutputStream extends NodeJS.WritableStream {
  isTTY?: boolean;
  columns?: number;
}

export interface InputStream extends NodeJS.ReadableStream {
  isTTY?: boolean;
}

/** What asks a run to end; a closed terminal (SIGHUP) counts as SIGTERM. */
export type SignalName = 'SIGINT' | 'SIGTERM';

/** All that the outside world gives; nothing else in `src` reaches for it. */
export interface System {
  /** Arguments after the program's name. */
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  stdin: InputStream;
  stdout: OutputStream;
  stderr: OutputStream;
  platform: NodeJS.Platform;
  /** Of Node.js itself, such as 20.19.0. */
  nodeVersion: string;
  homeFolder: string;
  pid: number;
  /** Whose files this process makes; null where users have no numbers (Windows). */
  userId(): number | null;
  /** Wall clock, for records that people read. */
  now(): Date;
  /** Milliseconds that never go back, for waits. */
  monotonic(): number;
  /** Resolves after the time, or rejects at once when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Number in [0, 1): jitter only, never secrets. */
  random(): number;
  /** Integer in [0, maximum) from a cryptographic source. */
  randomInteger(maximum: number): number;
  randomUUID(): string;
  randomBytes(size: number): Buffer;
  /** Listens until the returned function is called. */
  onSignal(listener: (signal: SignalName) => void): () => void;
  /** Node's own warnings (for example of an unreadable NODE_EXTRA_CA_CERTS file). */
  onWarning(listener: (warning: Error) => void): () => void;
  /** What nothing caught; without a listener Node would print it whole, secrets included. */
  onCrash(listener: (thrown: unknown) => void): () => void;
}

/** A flag of the command line, as it was given. */
export interface GivenFlag {
  /** With its dashes. */
  readonly name: string;
  /** Null for a switch. */
  readonly value: string | null;
}

/** How a command uses the API. */
export interface ClientUse {
  /** Requests at once; 1 where it is left out. */
  concurrency?: number;
}

/** What a command gets: costly parts are functions, loaded on first use. */
export interface Context {
  system: System;
  settings: Settings;
  /** Of the command and of all above it; one that may be repeated stands there as often. */
  givenFlags: readonly GivenFlag[];
  output: Output;
  redactor: Redactor;
  /** Aborts on the first SIGINT or SIGTERM; its reason is the signal's name. */
  signal: AbortSignal;
  /** Whether a person is there to answer: stdin and stderr are terminals and nothing forbids it. */
  mayAsk: boolean;
  prompter(): Promise<Prompter>;
  configuration(): Promise<Configuration>;
  /** Where calls go; needs no key. */
  origin(): Promise<string>;
  /** The key and where it goes. @throws OxhostError `no_api_key` when there is none. */
  access(): Promise<Access>;
  /** Made on first use, with that use's options. */
  client(options?: ClientUse): Promise<RawClient>;
}
