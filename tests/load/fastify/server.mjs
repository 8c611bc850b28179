// The check as it is written on Fastify: the same messages, proof, statement and pool as the service, and nothing else; no call is kept,
// nothing is said twice in the same way, no sentence is made. What the service is held against as well as against its floor.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import pg from 'pg';

const setting = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};
const query = (name) => ({
  name,
  text: readFileSync(`${setting('FRONTDESK_QUERIES')}/${name}.sql`, 'utf8'),
});

const check = query('check_availability');
const owner = query('organization');
const secret = setting('VAPI_HMAC_SECRET');
const signatureHeader = setting('VAPI_HMAC_SIGNATURE_HEADER').toLowerCase();
const timestampHeader = setting('VAPI_HMAC_TIMESTAMP_HEADER').toLowerCase();
const [host, port] = setting('FRONTDESK_LISTEN').split(':');

const pool = new pg.Pool({
  connectionString: setting('DATABASE_URL'),
  options: '-c plan_cache_mode=force_generic_plan -c jit=off',
  max: Number(setting('FRONTDESK_POOL_SIZE')),
});
const organizations = new Map();

async function organizationOf({ call, phoneNumber }) {
  const key = call.assistantId ?? phoneNumber?.id;
  if (!organizations.has(key)) {
    const values = [phoneNumber?.id, call.assistantId, phoneNumber?.number];
    const { rows } = await pool.query({ ...owner, values });
    organizations.set(key, rows[0].organization_id);
  }
  return organizations.get(key);
}

function isProven({ headers, body }) {
  const given = Buffer.from(headers[signatureHeader] ?? '', 'hex');
  const timestamp = headers[timestampHeader] ?? '';
  const own = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
  const isNow = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
  return isNow && given.length === own.length && timingSafeEqual(given, own);
}

const app = Fastify({ logger: true, bodyLimit: 4_194_304 });
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

app.post('/vapi/webhook', async (request, reply) => {
  if (!isProven(request)) return reply.code(401).send({ error: 'the signature is wrong' });
  const { message } = JSON.parse(request.body);
  const toolCall = message.toolCallList?.[0] ?? message.toolCalls?.[0] ?? message.toolWithToolCallList[0].toolCall;
  const { name, arguments: given = toolCall.parameters ?? toolCall.function?.parameters } = toolCall.function ?? toolCall;
  const { date } = typeof given === 'string' ? JSON.parse(given) : given;
  const now = new Date().toISOString();
  const caller = message.call.customer?.number;
  const values = [await organizationOf(message), now, date, 60, message.call.id, null, null, null, caller, true];
  const { rows } = await pool.query({ ...check, values });
  const times = rows.map((row) => row.start_time).filter(Boolean);
  return { results: [{ name, toolCallId: toolCall.id, result: `On ${date} these are free: ${times.join(', ')}.` }] };
});

await app.listen({ host, port: Number(port) });
