// A queue as Service Bus keeps it: peek-lock, delivery counts, duplicate detection, scheduled messages and a dead-letter sub-queue.
// Each has a clock of its own, so that a test can let time pass for it alone.
'use strict';

const { randomBytes } = require('crypto');

class Queue {
    constructor(name, settings, deadLetters = null) {
        this.name = name;
        this.passed = 0;
        this.settings = { lockSeconds: 60, maxDeliveryCount: 10, duplicateWindowSeconds: 86400, ...settings };
        this.messages = [];
        this.seen = new Map();
        this.nextSequence = 1;
        this.accepted = 0;
        this.deadLetters = deadLetters;
    }

    now() {
        return Date.now() + this.passed;
    }

    // False when duplicate detection dropped it; the sender is not told either way.
    accept(message) {
        const now = this.now();
        for (const [id, at] of this.seen) {
            if (now - at > this.settings.duplicateWindowSeconds * 1000) {
                this.seen.delete(id);
            }
        }

        if (message.id !== undefined && this.settings.duplicateWindowSeconds > 0) {
            if (this.seen.has(message.id)) {
                return false;
            }

            this.seen.set(message.id, now);
        }

        this.accepted++;
        const scheduled = message.due !== undefined && message.due > now;
        this.messages.push({ ...message, sequence: this.nextSequence++, enqueued: scheduled ? message.due : now, scheduled, deliveries: 0, lock: null });
        return true;
    }

    // Locks the first message that is due and unlocked.
    take() {
        const message = this.messages.find(candidate => !candidate.lock && !candidate.scheduled);
        if (message) {
            message.lock = { token: randomBytes(16), until: this.now() + this.settings.lockSeconds * 1000 };
        }

        return message;
    }

    locked(token) {
        const message = this.messages.find(candidate => candidate.lock && candidate.lock.token.equals(token));
        return message && message.lock.until > this.now() ? message : undefined;
    }

    renew(message) {
        message.lock.until = this.now() + this.settings.lockSeconds * 1000;
        return message.lock.until;
    }

    complete(message) {
        this.messages.splice(this.messages.indexOf(message), 1);
    }

    // Counts as a delivery that failed; after the last one the message is a dead letter.
    abandon(message) {
        message.lock = null;
        message.deliveries++;
        if (message.deliveries >= this.settings.maxDeliveryCount && this.deadLetters) {
            this.deadLetter(message, 'MaxDeliveryCountExceeded', `Message could not be consumed after ${message.deliveries} delivery attempts.`);
        }
    }

    // Given back by a receiver that never showed it to anybody.
    release(message) {
        message.lock = null;
    }

    deadLetter(message, reason, description) {
        this.complete(message);
        message.lock = null;
        message.change({ DeadLetterReason: reason, DeadLetterErrorDescription: description });
        this.deadLetters.messages.push({ ...message, enqueued: this.now() });
    }

    // What time alone brings about.
    pass() {
        const now = this.now();
        for (const message of this.messages.filter(candidate => candidate.scheduled && candidate.due <= now).sort((a, b) => a.due - b.due)) {
            // A scheduled message joins the end of the queue when it is due.
            this.messages.splice(this.messages.indexOf(message), 1);
            message.scheduled = false;
            message.sequence = this.nextSequence++;
            this.messages.push(message);
        }

        for (const message of this.messages.filter(candidate => candidate.lock && candidate.lock.until <= now)) {
            this.abandon(message);
        }
    }

    peek(from, count) {
        return this.messages.filter(message => message.sequence >= from).sort((a, b) => a.sequence - b.sequence).slice(0, count);
    }

    state() {
        return {
            accepted: this.accepted,
            messages: this.messages.map(message => ({
                id: message.id, sequence: message.sequence, deliveries: message.deliveries, locked: message.lock !== null, scheduled: message.scheduled,
            })),
        };
    }
}

module.exports = { Queue };
