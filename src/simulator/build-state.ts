/** The state that a world file makes. References are ids or names; one that leads nowhere is refused. */
import type { SimulatorClock } from './clock.ts';
import { Counters } from './counters.ts';
import { Credentials, USUAL_SCOPES } from './credentials.ts';
import { Faults } from './faults.ts';
import type { FleetSize } from './fleet.ts';
import { idOf, NO_FLEET } from './fleet.ts';
import type { NodeType, SimNode } from './node.ts';
import { Quotas } from './quota.ts';
import { Refusal } from './refusal.ts';
import type { SimulatorState } from './state.ts';
import { Trace } from './trace.ts';
import { LIVE_VERSIONS } from './versions.ts';
import type { StatedAnswers, StatedNode, WorldFile } from './world-file.ts';
import { webhookChanges } from './webhook-changes.ts';
import { Webhooks } from './webhooks.ts';
import { World } from './world.ts';

/** A running state of this world, without its scenario. */
export function stateOf(file: WorldFile, clock: SimulatorClock): SimulatorState {
  const size = fleetSizeOf(file.generate);
  const world = new World(size, '');
  const credentials = new Credentials(world);
  addNodes(world, file);
  addCredentials({ world, credentials }, file);
  const providerApp =
    file.provider_app ?? file.apps?.[0]?.id ?? (size.apps > 0 ? idOf('APP', 0) : '');
  if (providerApp !== '') world.providerAppId = world.namedOf(providerApp, ['APP']).id;
  const webhooks = new Webhooks(credentials, clock);
  for (const { id, webhook_url: url = null } of file.apps ?? []) webhooks.subscribe(id, url);
  world.hearChanges((id, was, is) => {
    const node = world.nodeEver(id);
    const changes = node === null ? [] : webhookChanges(world, node, { was, is, at: clock.now() });
    for (const change of changes) webhooks.send(change);
  });
  return {
    world,
    credentials,
    webhooks,
    quotas: new Quotas(),
    faults: new Faults(file.seed ?? 1),
    counters: new Counters(),
    trace: new Trace(),
    clock,
    versions: LIVE_VERSIONS,
  };
}

/** What is not stated follows from the numbers: 20 to a WABA, one business to each, one app and token. */
function fleetSizeOf(stated: WorldFile['generate']): FleetSize {
  const numbers = stated?.numbers ?? 0;
  const wabas = stated?.wabas ?? Math.ceil(numbers / 20);
  const some = wabas > 0 ? 1 : 0;
  return {
    ...NO_FLEET,
    businesses: wabas,
    apps: some,
    tokens: some,
    ...stated,
    numbers,
    wabas,
  };
}

function addNodes(world: World, file: WorldFile): void {
  const add = adderTo(world);
  const idIn = (ref: string, type: NodeType): string => world.namedOf(ref, [type]).id;
  const under = (waba: string): Above => ({ parentId: idIn(waba, 'WABA'), partnerId: null });
  for (const app of file.apps ?? []) add('APP', app, NOTHING_ABOVE);
  for (const business of file.businesses ?? []) add('BUSINESS', business, NOTHING_ABOVE);
  for (const waba of file.wabas ?? []) {
    const partnerId = waba.partner === undefined ? null : idIn(waba.partner, 'BUSINESS');
    add('WABA', waba, { parentId: idIn(waba.business, 'BUSINESS'), partnerId });
  }
  for (const number of file.numbers ?? []) {
    const { display_phone_number: display } = number;
    const fields = {
      ...number.fields,
      ...(display === undefined ? {} : { display_phone_number: display }),
    };
    add('PHONE_NUMBER', { ...number, fields }, under(number.waba));
  }
  for (const template of file.templates ?? []) {
    add('MESSAGE_TEMPLATE', template, under(template.waba));
  }
  for (const flow of file.flows ?? []) add('FLOW', flow, under(flow.waba));
}

/** What a node hangs under. */
type Above = Pick<SimNode, 'parentId' | 'partnerId'>;

const NOTHING_ABOVE: Above = { parentId: null, partnerId: null };

type AddNode = (type: NodeType, stated: StatedNode & StatedAnswers, above: Above) => void;

/** Adds nodes, and refuses ids and names that are there already. */
function adderTo(world: World): AddNode {
  const taken = new Set<string>();
  return (type, stated, above) => {
    const { id, name = id, fields = {} } = stated;
    for (const ref of new Set([id, name])) {
      if (taken.has(ref)) throw new Refusal(`Two nodes of the world are called "${ref}".`);
      taken.add(ref);
    }
    world.add({ type, id, name, fields, ...above });
    const answers = {
      ...(stated.calling === undefined ? {} : { calling: stated.calling }),
      ...(stated.app_calling === undefined ? {} : { appCalling: stated.app_calling }),
      ...(stated.aggregate === undefined ? {} : { aggregate: stated.aggregate }),
      ...(stated.reports_id === undefined ? {} : { reportsId: stated.reports_id }),
    };
    if (Object.keys(answers).length > 0) world.change(id, answers);
  };
}

function addCredentials(
  { world, credentials }: Pick<SimulatorState, 'world' | 'credentials'>,
  file: WorldFile,
): void {
  for (const app of file.apps ?? []) {
    if (app.secret !== undefined) credentials.setSecret(app.id, app.secret);
    credentials.requireProof(app.id, app.proof_required ?? false);
  }
  for (const { text, app, wabas = ['*'], ...token } of file.tokens ?? []) {
    const granted = wabas.includes('*')
      ? null
      : wabas.map((ref) => world.namedOf(ref, ['WABA']).id);
    credentials.putToken({
      text,
      appId: world.namedOf(app, ['APP']).id,
      wabas: granted && new Set(granted),
      scopes: token.scopes ?? USUAL_SCOPES,
      expiresAt: token.expires_at ?? 0,
      rejected: null,
    });
  }
  for (const { id, key, webhook } of file.numbers ?? []) {
    if (key !== undefined) {
      credentials.putKey({ text: key, numberId: id, state: 'valid', until: null });
    }
    if (webhook !== undefined) credentials.setWebhook(id, webhook);
  }
  for (const { text, number, state = 'valid' } of file.keys ?? []) {
    const { id } = world.namedOf(number, ['PHONE_NUMBER']);
    credentials.putKey({ text, numberId: id, state, until: null });
  }
}
