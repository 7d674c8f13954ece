<?php
// Receives PacSpace webhooks with plain PHP.
// Start it: PACSPACE_WEBHOOK_SECRET=whsec_… php -S 127.0.0.1:3000 pacspace-webhook.php

declare(strict_types=1);

const TOLERANCE_SECONDS = 300;
const MOST_BYTES = 5_000_000;

function handle(array $event): void
{
    error_log('handling ' . $event['event']);
}

/** Whether a request came from PacSpace just now: the HMAC is over the bytes as they came. */
function is_genuine(string $secret, string $signature, string $timestamp, string $body): bool
{
    if (!preg_match('/^[0-9]{1,16}$/D', $timestamp)) {
        return false;
    }
    $sent = (int) $timestamp >= 10 ** 12 ? (int) $timestamp / 1000 : (int) $timestamp;
    if (abs(time() - $sent) > TOLERANCE_SECONDS) {
        return false;
    }
    $expected = 'v1=' . hash_hmac('sha256', "$timestamp.$body", $secret);
    // While a secret is being rotated there are two values, and either may be the right one.
    foreach (explode(',', $signature) as $part) {
        if (hash_equals($expected, trim($part))) {
            return true;
        }
    }
    return false;
}

/**
 * Claims an event's id; false when it was handled before. A request shares no memory with the next one, hence files.
 * Replace them by your database: one row per id with a unique key, written together with the event's effects.
 */
function claim(string $file): bool
{
    @mkdir(dirname($file), 0700, true);
    $made = @fopen($file, 'x');
    return $made !== false && fclose($made);
}

function answer(): int
{
    $secret = getenv('PACSPACE_WEBHOOK_SECRET');
    if ($secret === false || $secret === '') {
        error_log('Set PACSPACE_WEBHOOK_SECRET to the webhook\'s secret, its whsec_ prefix included.');
        return 500;
    }
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        header('Allow: POST');
        return 405;
    }
    $body = file_get_contents('php://input', false, null, 0, MOST_BYTES + 1);
    if ($body === false || strlen($body) > MOST_BYTES) {
        return 413;
    }
    $signature = $_SERVER['HTTP_X_PACSPACE_SIGNATURE'] ?? '';
    if (!is_genuine($secret, $signature, $_SERVER['HTTP_X_PACSPACE_TIMESTAMP'] ?? '', $body)) {
        return 401;
    }
    $event = json_decode($body, true);
    if (!is_string($event['event'] ?? null)) {
        return 400;
    }
    $id = $_SERVER['HTTP_X_EVENT_ID'] ?? $signature;
    $file = sys_get_temp_dir() . '/pacspace-events/' . hash('sha256', $id);
    if (!claim($file)) {
        return 200;
    }
    try {
        handle($event);
    } catch (Throwable $error) {
        unlink($file); // so that the next attempt is handled
        throw $error;
    }
    return 200;
}

http_response_code(answer());
