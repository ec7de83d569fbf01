import type { ApiClient } from './api/client.ts';
import type { Redactor } from './output/masking.ts';
import type { Output } from './output/output.ts';
import type { Prompter } from './prompts.ts';
import type { Settings } from './settings.ts';
import type { Access } from './store/access.ts';
import type { Configuration } from './store/config.ts';
import type { System } from './system.ts';

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
  /** For a request that only asks whether the server is there: no key is looked for or sent. */
  withoutKey?: boolean;
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
  client(options?: ClientUse): Promise<ApiClient>;
}
