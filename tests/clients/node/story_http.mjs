// The official TypeScript clients over HTTP: the newer one in both protocol eras, and the older one. `common/served.py` starts the
// server and says in ROSTER_HTTP where it is and which tokens there are.

import { Client as NewClient, StreamableHTTPClientTransport as NewTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const facts = JSON.parse(process.env.ROSTER_HTTP);
const NOTHING = 'Nothing was changed.';
const about = { name: 'story', version: '1' };

const CLIENTS = {
  'typescript 2 http, automatic': [() => new NewClient(about, { versionNegotiation: { mode: 'auto' } }), NewTransport],
  'typescript 2 http, legacy': [() => new NewClient(about), NewTransport],
  'typescript 1 http': [() => new OldClient(about), OldTransport],
};

let failed = 0;

const ask = async (what) => (await fetch(`${facts.sandbox}/__sandbox/${what}`)).json();

async function connected(make, Transport, token, more = {}) {
  const client = make();
  const headers = { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...more };
  await client.connect(new Transport(new URL(facts.url), { requestInit: { headers } }));
  return client;
}

async function story(name, make, Transport, email) {
  const check = (sentence, holds, seen) => {
    if (!holds) failed += 1;
    console.log(`${holds ? 'ok' : 'not ok'} ${name}: ${sentence}${holds ? '' : `\n    seen: ${JSON.stringify(seen)}`}`);
  };
  const caller = (client) => async (tool, given) => {
    const result = await client.callTool({ name: tool, arguments: given }).catch((error) => ({
      isError: true,
      content: [{ type: 'text', text: String(error) }],
    }));
    const text = result.content.map((it) => it.text ?? '').join('\n');
    return { refused: result.isError === true, text, ...result.structuredContent };
  };
  const page = (await ask('')).statuspage.pages.audience_specific;
  const stored = async () => {
    const { pages } = (await ask('world')).statuspage;
    return pages.find((it) => it.id === page).viewers.filter((it) => it.email === email);
  };
  const asked = { system: 'statuspage_page', page_id: page, email };

  const client = await connected(make, Transport, facts.good);
  const call = caller(client);
  const { tools } = await client.listTools();
  check('the tools are listed, with schemas that this client compiles', tools.length >= 9, tools.length);
  const { prompts } = await client.listPrompts();
  check('the prompts are listed', prompts.some((it) => it.name === 'offboard_person'), prompts);
  const prompt = await client.getPrompt({ name: 'offboard_person', arguments: { email } });
  check('and a prompt names the person', JSON.stringify(prompt.messages).includes(email), prompt);
  const seen = [];
  const options = { onprogress: (told) => seen.push(told) };
  // The older client takes a schema of the result before the options.
  const given = Transport === OldTransport ? [undefined, options] : [options];
  const progressing = await client.callTool({ name: 'list_org_users', arguments: { limit: 2 } }, ...given);
  check('a list comes, with progress before it', !progressing.isError && seen.length > 0, seen);
  const added = await call('add_page_viewer', { page_id: page, email });
  check('a viewer is added', added.status === 'applied' && (await stored()).length === 1, added);
  const plan = await call('remove_user', asked);
  check('a removal is planned first', plan.status === 'confirmation_required' && (await stored()).length === 1, plan);

  const other = await connected(make, Transport, facts.provided);
  const stolen = await caller(other)('remove_user', { ...asked, confirmation_token: plan.confirmation_token });
  check("another caller's confirmation is refused", stolen.refused && stolen.text.includes(NOTHING) && (await stored()).length === 1, stolen);
  await other.close();

  const done = await call('remove_user', { ...asked, confirmation_token: plan.confirmation_token });
  check('and made by the same caller with the token', done.status === 'applied' && (await stored()).length === 0, done);
  await client.close();

  const reader = await connected(make, Transport, facts.reader);
  const shown = (await reader.listTools()).tools.map((it) => it.name);
  check('a reader is shown no tool that changes', shown.includes('list_org_users') && !shown.includes('remove_user'), shown);
  const beyond = await caller(reader)('remove_user', asked);
  check('and calling one is refused in words', beyond.refused && beyond.text.includes(NOTHING), beyond);
  await reader.close();

  const before = (await ask('requests')).length;
  for (const [what, token] of Object.entries({ missing: undefined, ...facts.bad })) {
    const outcome = await connected(make, Transport, token).then(
      async (client) => client.listTools().then((list) => list.tools.length, (error) => error),
      (error) => error);
    check(`this client gets nothing with a token that is ${what}`, outcome instanceof Error, outcome);
  }
  check('and no wrong token sent a request on', (await ask('requests')).length === before);
}

let at = 0;
for (const [name, [make, Transport]] of Object.entries(CLIENTS)) {
  try {
    at += 1;
    await story(name, make, Transport, `viewer.${at}@customer.example`);
  } catch (error) {
    failed += 1;
    console.log(`not ok ${name}: the story is told to its end\n    ${error.stack}`);
  }
}
process.exit(failed ? 1 : 0);
