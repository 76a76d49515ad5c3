// Messages between the wire and a queue. What the sender wrote is kept as bytes, so that its types survive.
'use strict';

const rhea = require('rhea');
const { types, message: codec } = rhea;

const ANNOTATIONS = 0x72, PROPERTIES = 0x73, APPLICATION = 0x74;

function read(bytes) {
    const kept = { rest: [], application: [] };
    const reader = new types.Reader(bytes);
    while (reader.remaining()) {
        const start = reader.position;
        const section = reader.read();
        const slice = bytes.slice(start, reader.position);
        switch (Number(section.descriptor.value)) {
        case PROPERTIES:
            kept.properties = slice;
            kept.id = text(section.value[0]);
            break;
        case APPLICATION:
            kept.application = section.value;
            break;
        case ANNOTATIONS:
            kept.due = pairs(section.value).filter(([key]) => key === 'x-opt-scheduled-enqueue-time').map(([, value]) => Number(value.value))[0];
            break;
        default:
            if (Number(section.descriptor.value) > APPLICATION) {
                kept.rest.push(slice);
            }
        }
    }

    kept.change = function (properties) {
        for (const [key, value] of Object.entries(properties).filter(([, value]) => value !== undefined && value !== null)) {
            const at = pairs(this.application).findIndex(([known]) => known === key);
            this.application = [...this.application.slice(0, at < 0 ? this.application.length : 2 * at), types.wrap_string(key), typed(value),
                ...(at < 0 ? [] : this.application.slice(2 * at + 2))];
        }
    };
    return kept;
}

// A batch is a message whose body sections are messages.
function readBatch(bytes) {
    const messages = [];
    const reader = new types.Reader(bytes);
    while (reader.remaining()) {
        const section = reader.read();
        if (Number(section.descriptor.value) === 0x75) {
            messages.push(read(section.value));
        }
    }

    return messages;
}

function write(message) {
    const writer = new types.Writer();
    writer.write(codec.header({ durable: true, delivery_count: message.deliveries }).described());
    const annotations = [
        types.wrap_symbol('x-opt-sequence-number'), types.Long(message.sequence),
        types.wrap_symbol('x-opt-enqueued-time'), types.Timestamp(message.enqueued),
        types.wrap_symbol('x-opt-message-state'), types.Int(message.scheduled ? 2 : 0),
    ];
    if (message.lock) {
        annotations.push(types.wrap_symbol('x-opt-locked-until'), types.Timestamp(message.lock.until));
    }

    writer.write(types.described(types.wrap_ulong(ANNOTATIONS), types.Map32(annotations)));
    const head = Buffer.from(writer.toBuffer());
    const properties = new types.Writer();
    properties.write(types.described(types.wrap_ulong(APPLICATION), types.Map32(message.application)));
    return Buffer.concat([head, message.properties ?? Buffer.alloc(0), Buffer.from(properties.toBuffer()), ...message.rest]);
}

// Properties a receiver changes while it gives a message back; they come in as typed values.
function changes(map) {
    return map && map.value ? Object.fromEntries(pairs(map.value)) : {};
}

// A map within the body of a request, its values typed.
function mapOf(request, name) {
    const reader = new types.Reader(request.bytes);
    while (reader.remaining()) {
        const section = reader.read();
        if (Number(section.descriptor.value) === 0x77) {
            return changes(pairs(section.value).filter(([key]) => key === name).map(([, value]) => value)[0]);
        }
    }

    return {};
}

function pairs(flat) {
    const found = [];
    for (let at = 0; at + 1 < flat.length; at += 2) {
        found.push([text(flat[at]), flat[at + 1]]);
    }

    return found;
}

const text = value => value === undefined || value === null || value.value === null ? undefined : String(value.value);
const typed = value => value.type ? value : types.wrap(value);

module.exports = { read, readBatch, write, changes, mapOf };
