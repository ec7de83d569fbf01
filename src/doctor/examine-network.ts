import { createAgents } from '../api/agents.ts';
import { connect } from '../api/connect.ts';
import { signalExitCode } from '../api/failure-words.ts';
import type { Context } from '../context.ts';
import { OxhostError } from '../errors.ts';
import type { SignalName } from '../system.ts';
import { type Finding, failure, skipped } from './finding.ts';
import { networkFindings, noNetworkFindings } from './network.ts';
import { proxyFinding } from './proxy.ts';

/**
 * Proxy, name look-up, connection and TLS.
 * @throws OxhostError `cancelled`.
 */
export async function examineNetwork(context: Context, origin: URL): Promise<Finding[]> {
  const { settings, system, signal } = context;
  const { sandbox: direct, timeoutSeconds } = settings;
  let agents: Awaited<ReturnType<typeof createAgents>>;
  try {
    agents = await createAgents(origin, { concurrency: 1, direct, timeoutSeconds });
  } catch (error) {
    if (!(error instanceof OxhostError)) throw error;
    return [failure('proxy', error, 'Mend it, or unset it.'), ...noNetworkFindings('proxy')];
  }
  const { proxy } = agents;
  try {
    const monotonic = () => system.monotonic();
    const connection = await connect(origin, { agents, timeoutSeconds, monotonic }, signal);
    if (connection.failure?.reason === 'cancelled') {
      throw new OxhostError('cancelled', 'Stopped while connecting; nothing was sent.', {
        exitCode: signalExitCode(signal.reason as SignalName),
      });
    }
    return [
      direct
        ? skipped('proxy', 'The sandbox is in this process and needs none.')
        : proxyFinding(proxy, origin, system.env),
      ...networkFindings({ connection, origin, proxy, now: system.now() }),
    ];
  } finally {
    agents.close();
  }
}
