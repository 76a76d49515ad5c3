// A stand-in for Service Bus on this machine: AMQP 1.0 as its client libraries speak it, for as many queues as a test asks for.
//   node peer.js <amqp port> <control port>
// The control port takes JSON: {"do":"queue"|"pass"|"fault"|"state", ...}. See control() below.
'use strict';

const http = require('http');
const rhea = require('rhea');
const { Queue } = require('./queue');
const wire = require('./wire');
const { types, message: codec } = rhea;

const [, , amqpPort, controlPort] = process.argv;
const queues = new Map();
const faults = [];
const tally = { tokens: 0, connections: 0, dropped: 0, renewals: 0 };

// The library hands over a decoded message; the bytes are wanted too.
const decode = codec.decode;
codec.decode = bytes => Object.defineProperty(decode(bytes), 'bytes', { value: bytes });

const container = rhea.create_container({ id: 'service-bus-peer', max_frame_size: 65536, autoaccept: false, autosettle: false, treat_modified_as_released: false });
for (const mechanism of ['MSSBCBS', 'ANONYMOUS', 'EXTERNAL']) {
    container.sasl_server_mechanisms[mechanism] = () => ({ start() { this.outcome = true; } });
}

container.sasl_server_mechanisms.enable_plain(() => true);

const named = address => queues.get(String(address).toLowerCase());
const addressOf = terminus => terminus && terminus.address ? String(terminus.address).replace(/^\//, '') : '';
const isManagement = address => address.toLowerCase().endsWith('/$management');

container.on('connection_open', () => { tally.connections++; });
container.on('disconnected', context => forget(context.connection));
container.on('connection_error', () => { });
container.on('session_error', () => { });

// The client sends: to a queue, to $cbs or to a queue's $management.
container.on('receiver_open', ({ receiver }) => {
    const address = addressOf(receiver.remote.attach.target);
    answer(receiver, address === '$cbs' || named(address.replace(/\/\$management$/i, '')));
});

// The client receives: from a queue, or answers of the other two.
container.on('sender_open', ({ sender }) => {
    const address = addressOf(sender.remote.attach.source);
    answer(sender, address === '$cbs' || isManagement(address) || named(address));
});

container.on('sender_flow', ({ sender }) => deliver(sender));
container.on('sender_draining', ({ sender }) => {
    deliver(sender);
    sender.set_drained(true);
});
container.on('sender_close', ({ sender }) => links.delete(sender));
container.on('session_close', ({ session }) => [...links].filter(link => link.session === session).forEach(link => links.delete(link)));

container.on('message', ({ message, delivery, receiver, connection, format }) => {
    const address = addressOf(receiver.remote.attach.target);
    if (address === '$cbs') {
        delivery.accept();
        tally.tokens++;
        const audience = String(message.application_properties.name).toLowerCase();
        const refused = [...queues.values()].some(queue => queue.settings.refused && audience.includes(queue.name.toLowerCase()));
        const [code, words] = refused ? [401, 'InvalidSignature: The token has an invalid signature.'] : [202, 'Accepted'];
        return reply(connection, address, message, { 'status-code': types.Int(code), 'status-description': words });
    }

    if (isManagement(address)) {
        delivery.accept();
        return manage(connection, address, message);
    }

    const queue = named(address);
    for (const sent of format ? wire.readBatch(message) : [wire.read(message.bytes)]) {
        queue.accept(sent);
    }

    if (strikes('transfer', queue)) {
        return drop(connection);
    }

    delivery.accept();
    pump();
});

const links = new Set();

function answer(link, known) {
    const remote = link.remote.attach;
    if (!known) {
        return link.close({ condition: 'amqp:not-found', description: 'The messaging entity could not be found.' });
    }

    link.set_source({ address: addressOf(remote.source) });
    link.set_target({ address: addressOf(remote.target) });
    link.local.attach.snd_settle_mode = remote.snd_settle_mode;
    link.local.attach.rcv_settle_mode = remote.rcv_settle_mode;
    link.local.attach.max_message_size = 262144;
    if (link.is_sender() && named(addressOf(remote.source))) {
        links.add(link);
    }
}

function forget(connection) {
    [...links].filter(link => link.connection === connection).forEach(link => links.delete(link));
}

function deliver(link) {
    const queue = named(addressOf(link.remote.attach.source));
    if (!queue || !links.has(link)) {
        return;
    }

    const waiting = () => link.session.outgoing.next_delivery_id - link.session.outgoing.next_pending_delivery;
    while (link.credit > waiting()) {
        const message = queue.take();
        if (!message) {
            return;
        }

        const delivery = link.send(wire.write(message), message.lock.token, 0);
        delivery.message = message;
        delivery.queue = queue;
    }
}

function pump() {
    for (const queue of queues.values()) {
        queue.pass();
    }

    links.forEach(deliver);
}

// A receiver's verdict on a delivery, which holds only while its lock does.
for (const verdict of ['accepted', 'rejected', 'modified', 'released']) {
    container.on(verdict, ({ delivery, connection }) => settle(verdict, delivery, connection));
}

function settle(verdict, delivery, connection) {
    const { queue } = delivery;
    if (!queue) {
        delivery.update(true, codec.accepted().described());
        return;
    }

    if (strikes('settle', queue)) {
        return drop(connection);
    }

    const message = queue.locked(delivery.tag);
    const outcome = delivery.remote_state;
    const error = verdict === 'rejected' && outcome.value[0] && outcome.value[0].value;
    if (message) {
        apply(queue, message, verdict, wire.changes(verdict === 'rejected' ? error && error[2] : outcome.value[2]));
    }

    if (strikes('settled', queue)) {
        return drop(connection);
    }

    delivery.update(true, message
        ? codec[verdict]({}).described()
        : codec.rejected({ error: { condition: 'com.microsoft:message-lock-lost', description: 'The lock supplied is invalid.' } }).described());
    delivery.remote_settled = true;
    pump();
}

function apply(queue, message, verdict, { DeadLetterReason, DeadLetterErrorDescription, ...changes }) {
    message.change(changes);
    switch (verdict) {
    case 'accepted': return queue.complete(message);
    case 'rejected': return queue.deadLetter(message, DeadLetterReason, DeadLetterErrorDescription);
    case 'modified': return queue.abandon(message);
    default: return queue.release(message);
    }
}

function manage(connection, address, message) {
    const queue = named(address.replace(/\/\$management$/i, ''));
    const say = (code, body, condition) => reply(
        connection, address, message, { statusCode: types.Int(code), statusDescription: String(code), ...(condition ? { errorCondition: types.wrap_symbol(condition) } : {}) }, body);
    queue.pass();
    switch (message.application_properties.operation) {
    case 'com.microsoft:renew-lock': {
        const held = message.body['lock-tokens'].map(token => queue.locked(swapped(token)));
        if (held.some(one => !one)) {
            return say(410, {}, 'com.microsoft:message-lock-lost');
        }

        tally.renewals += held.length;
        return say(200, { expirations: types.wrap_array(held.map(one => queue.renew(one)), 0x83) });
    }

    // What a client does whose connection was lost after it had received.
    case 'com.microsoft:update-disposition': {
        const held = message.body['lock-tokens'].map(token => queue.locked(swapped(token)));
        const verdict = { completed: 'accepted', suspended: 'rejected', abandoned: 'modified' }[message.body['disposition-status']];
        if (held.some(one => !one)) {
            return say(410, {}, 'com.microsoft:message-lock-lost');
        }

        held.forEach(one => apply(queue, one, verdict, {
            ...wire.mapOf(message, 'properties-to-modify'),
            DeadLetterReason: message.body['deadletter-reason'], DeadLetterErrorDescription: message.body['deadletter-description'],
        }));
        say(200, {});
        return pump();
    }

    case 'com.microsoft:peek-message': {
        const found = queue.peek(Number(message.body['from-sequence-number']), Number(message.body['message-count']));
        return found.length === 0 ? say(204, {}) : say(200, { messages: found.map(one => ({ message: wire.write(one) })) });
    }

    default:
        return say(501, {}, 'amqp:not-implemented');
    }
}

// Between the order of a uuid on the wire and that of a lock token in a delivery tag.
const swapped = token => Buffer.from([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map(at => token[at]));

function reply(connection, address, request, properties, body) {
    let answered = false;
    connection.each_sender(sender => {
        if (!answered && addressOf(sender.remote.attach.source) === address && addressOf(sender.remote.attach.target) === request.reply_to) {
            answered = true;
            sender.send({ to: request.reply_to, correlation_id: request.message_id, application_properties: properties, body: body ?? null });
        }
    });
}

// True when a fault of this kind was asked for at this queue and is due now.
function strikes(kind, queue) {
    const at = faults.findIndex(fault => fault.kind === kind && fault.queue.toLowerCase() === queue.name.toLowerCase());
    if (at < 0 || faults[at].after-- > 0) {
        return false;
    }

    faults.splice(at, 1);
    return true;
}

function drop(connection) {
    tally.dropped++;
    forget(connection);
    connection.socket.destroy();
}

function control(order) {
    switch (order.do) {
    case 'queue': {
        const { name, ...settings } = order;
        const letters = new Queue(`${name}/$DeadLetterQueue`, { ...settings, duplicateWindowSeconds: 0, maxDeliveryCount: Infinity });
        queues.set(letters.name.toLowerCase(), letters);
        queues.set(name.toLowerCase(), new Queue(name, settings, letters));
        return {};
    }

    case 'pass':
        for (const name of [order.queue, `${order.queue}/$DeadLetterQueue`]) {
            named(name).passed += order.seconds * 1000;
        }

        pump();
        return {};

    // The connection is dropped: at "transfer" after a message was taken, at "settle" before and at "settled" after a verdict was.
    case 'fault':
        faults.push({ kind: order.kind, queue: order.queue, after: order.after ?? 0 });
        return {};

    case 'state':
        return { ...tally, ...(order.queue ? named(order.queue).state() : {}) };

    default:
        throw new Error('no such order');
    }
}

setInterval(pump, 20);
container.listen({ host: '127.0.0.1', port: Number(amqpPort) }).on('listening', () => {
    http.createServer((request, response) => {
        const parts = [];
        request.on('data', part => parts.push(part)).on('end', () => {
            try {
                response.end(JSON.stringify(control(JSON.parse(Buffer.concat(parts).toString()))));
            } catch (fault) {
                response.statusCode = 400;
                response.end(String(fault));
            }
        });
    }).listen(Number(controlPort), '127.0.0.1', () => console.log('the peer is ready'));
});
