const MOST_JITTER_MILLISECONDS = 12;
const LONGEST_START_MILLISECONDS = 250;

/**
 * Mostly while requests are out, so that the kills are spread over all rows; at times while it starts.
 * @param server what is sent to; its `onRequest` is called for each request that arrives whole.
 * @param left how many requests are to be spread over how many kills, this one included.
 */
export function killLater(
  { kill, server }: { kill: () => void; server: { onRequest: () => void } },
  left: { readonly requests: number; readonly kills: number },
  random: () => number,
) {
  if (random() < 0.05) {
    setTimeout(kill, random() * LONGEST_START_MILLISECONDS);
    return;
  }
  let toCome = Math.ceil((random() * 1.4 * Math.max(1, left.requests)) / left.kills);
  server.onRequest = () => {
    toCome -= 1;
    if (toCome === 0) setTimeout(kill, random() * MOST_JITTER_MILLISECONDS);
  };
}
