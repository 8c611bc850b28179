// The tools as they are written on Fastify in an afternoon: authentication, parsing, one prepared statement a tool call, an answer. What the
// service is compared with. FASTIFY_DRIVER is pg, postgres (postgres.js), or ours: pg with the service's own statement for a check.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';

const setting = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};
const driver = setting('FASTIFY_DRIVER');
const read = (name) => readFileSync(`${setting('FASTIFY_QUERIES')}/${name}.sql`, 'utf8');
const url = new URL(setting('DATABASE_URL'));
const max = Number(setting('FRONTDESK_POOL_SIZE'));
const secret = setting('VAPI_HMAC_SECRET');

// Each query becomes a function of its values that brings one column of all rows: the first, and of our statement the times.
async function database() {
  if (driver === 'postgres') {
    const { default: postgres } = await import('postgres');
    const path = `${decodeURIComponent(url.hostname)}/.s.PGSQL.5432`;
    const sql = postgres({ path, user: url.username, database: url.pathname.slice(1), max });
    return (name) => {
      const text = read(name);
      return async (...values) => (await sql.unsafe(text, values, { prepare: true }).values()).map(([first]) => first);
    };
  }
  const { default: pg } = await import('pg');
  const options = driver === 'ours' ? '-c plan_cache_mode=force_generic_plan -c jit=off' : undefined;
  const pool = new pg.Pool({ connectionString: url.href, options, max, idleTimeoutMillis: 0 });
  return (name) => {
    const text = read(name);
    return async (...values) => (await pool.query({ name, text, values, rowMode: 'array' })).rows.map((row) => row[driver === 'ours' ? 2 : 0]);
  };
}

const query = await database();
const tools = driver === 'ours' ? ourCheck() : plainTools();

function plainTools() {
  const [check, book, transfer, emergency] = ['check', 'book', 'transfer', 'emergency'].map(query);
  return {
    async check_availability({ numberId, given }) {
      const [times] = await check(numberId, given.date, given.duration_minutes ?? 60);
      return `On ${given.date} these are free: ${times.map((time) => time.slice(0, 5)).join(', ')}.`;
    },
    async book_appointment({ numberId, call, caller, given }) {
      const { customer_name: name, customer_phone: phone = caller, date, time, appointment_type: kind = 'repair' } = given;
      const [outcome] = await book(numberId, call.id, name, phone, date, time, kind);
      return outcome === 'booked' ? `You're booked on ${date} at ${time}.` : `${time} on ${date} is not free.`;
    },
    async transfer_call({ numberId, call, given }) {
      const [number] = await transfer(numberId, call.id, given.reason, given.urgency);
      return `Connecting you to ${number}.`;
    },
    async flag_emergency({ numberId, call, caller, given }) {
      const [name] = await emergency(numberId, call.id, given.description, given.urgency, caller);
      return `${name} is being told.`;
    },
  };
}

function ourCheck() {
  const check = query('check_availability');
  const organizationOf = (numberId) => createHash('md5').update(`organization ${numberId.split('-')[2]}`).digest('hex');
  return {
    async check_availability({ numberId, call, caller, given }) {
      const now = new Date().toISOString();
      const [, , starts] = await check(organizationOf(numberId), now, given.date, 60, null, null, null, call.id, caller, true);
      return `On ${given.date} these are free: ${starts}.`;
    },
  };
}

function isAuthentic({ headers, body }) {
  const signature = Buffer.from(headers['x-signature'] ?? '', 'hex');
  const timestamp = headers['x-timestamp'] ?? '';
  const own = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
  const isNow = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
  return isNow && signature.length === own.length && timingSafeEqual(signature, own);
}

const result = { type: 'object', properties: { name: { type: 'string' }, toolCallId: { type: 'string' }, result: { type: 'string' } } };
const schema = { response: { 200: { type: 'object', properties: { results: { type: 'array', items: result } } } } };
const app = Fastify({ logger: false, bodyLimit: 4_194_304 });
app.addHook('onError', async (_request, _reply, error) => console.error(error));
app.removeAllContentTypeParsers();
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.post('/vapi/webhook', { schema }, async (request, reply) => {
  if (!isAuthentic(request)) return reply.code(401).send();
  const { message } = JSON.parse(request.body);
  const toolCall = message.toolCallList?.[0] ?? message.toolWithToolCallList[0].toolCall;
  const { name, arguments: raw, parameters } = toolCall.function ?? toolCall;
  const given = raw ?? parameters;
  const { call } = message;
  const question = {
    call,
    numberId: call.phoneNumberId ?? message.phoneNumber?.id,
    caller: call.customer?.number,
    given: typeof given === 'string' ? JSON.parse(given) : given,
  };
  return { results: [{ name, toolCallId: toolCall.id, result: await tools[name](question) }] };
});

const [host, port] = setting('FRONTDESK_LISTEN').split(':');
await app.listen({ host, port: Number(port) });
