// The official TypeScript clients over stdio: the newer one in both protocol eras, and the older one that most hosts still carry.
// Shorter than the Python story: what differs between clients is the protocol, the schemas that they compile, and the answers
// that they validate against them.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { Client as NewClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as NewTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const BINARY = process.env.STATUS_ROSTER_BIN ?? 'target/debug/status-roster';
const EMAIL = 'new.viewer@customer.example';
const NOTHING = 'Nothing was changed.';
const about = { name: 'story', version: '1' };

const CLIENTS = {
  'typescript 2, automatic': [() => new NewClient(about, { versionNegotiation: { mode: 'auto' } }), NewTransport],
  'typescript 2, legacy': [() => new NewClient(about), NewTransport],
  'typescript 1': [() => new OldClient(about), OldTransport],
};

let failed = 0;

async function sandbox() {
  const child = spawn(BINARY, ['sandbox', '--listen', '127.0.0.1:0', '--requests-per-window', '600'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { value: line } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (!line?.startsWith('listening on ')) throw new Error(`the sandbox did not start: ${line}`);
  const url = line.slice('listening on '.length).trim();
  const ask = async (what) => (await fetch(`${url}/__sandbox/${what}`)).json();
  return { stop: () => child.kill('SIGINT'), ask, ...(await ask('')).statuspage };
}

async function story(name, make, Transport) {
  const check = (sentence, holds, seen) => {
    if (!holds) failed += 1;
    console.log(`${holds ? 'ok' : 'not ok'} ${name}: ${sentence}${holds ? '' : `\n    seen: ${JSON.stringify(seen)}`}`);
  };
  const home = mkdtempSync(join(tmpdir(), 'status-roster-'));
  const played = await sandbox();
  const client = make();
  const said = [];
  try {
    const transport = new Transport({
      command: BINARY,
      args: ['serve', '--allow-writes', '--log', 'trace'],
      env: {
        HOME: home,
        PATH: process.env.PATH,
        STATUSPAGE_API_KEY: played.api_key,
        STATUSPAGE_ORGANIZATION_ID: played.organization_id,
        STATUSPAGE_BASE_URL: played.base_url,
      },
      stderr: 'pipe',
    });
    transport.stderr?.on('data', (data) => said.push(String(data)));
    await client.connect(transport);

    const call = async (tool, given) => {
      const result = await client.callTool({ name: tool, arguments: given }).catch((error) => ({
        isError: true,
        content: [{ type: 'text', text: String(error) }],
      }));
      const text = result.content.map((it) => it.text ?? '').join('\n');
      said.push(text);
      return { refused: result.isError === true, text, ...result.structuredContent };
    };
    const stored = async () => {
      const { pages } = (await played.ask('world')).statuspage;
      return pages.find((it) => it.id === page).viewers.filter((it) => it.email === EMAIL);
    };
    const page = played.pages.audience_specific;

    const { tools } = await client.listTools();
    check('the tools are listed, with schemas that this client compiles', tools.length >= 9, tools.length);
    const team = await call('list_org_users', { email: 'Jane.Doe@Example.com' });
    check('a team member is found', team.records?.length === 1 && team.complete, team);
    const added = await call('add_page_viewer', { page_id: page, email: EMAIL });
    check('a viewer is added', added.status === 'applied' && (await stored()).length === 1, added);
    const asked = { system: 'statuspage_page', page_id: page, email: EMAIL };
    const plan = await call('remove_user', asked);
    check('a removal is planned first', plan.status === 'confirmation_required' && (await stored()).length === 1, plan);
    const done = await call('remove_user', { ...asked, confirmation_token: plan.confirmation_token });
    check('and made by the same call with the token', done.status === 'applied' && (await stored()).length === 0, done);
    const replay = await call('remove_user', { ...asked, confirmation_token: plan.confirmation_token });
    check('and not twice', replay.status === 'already' && replay.text.includes('Nothing was changed'), replay);
    const before = (await played.ask('requests')).length;
    const bad = await call('list_page_access_users', { page_id: '../b' });
    check('an id that climbs out of its path is refused in words', bad.refused && bad.text.includes(NOTHING), bad);
    check('and sends nothing', (await played.ask('requests')).length === before);
    check('the key is in nothing that was said or logged', !said.join('').includes(played.api_key));
  } finally {
    await client.close();
    played.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

for (const [name, [make, Transport]] of Object.entries(CLIENTS)) {
  try {
    await story(name, make, Transport);
  } catch (error) {
    failed += 1;
    console.log(`not ok ${name}: the story is told to its end\n    ${error.stack}`);
  }
}
process.exit(failed ? 1 : 0);
