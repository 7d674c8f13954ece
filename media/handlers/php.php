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
 * Handles an event unless it was handled before, and gives the status to answer. Requests share no memory, hence files:
 * a locked one is being handled, one with a byte in it was. A lock ends with its request, however that ends.
 * Replace them by your database: one row per id with a unique key, written together with the event's effects.
 */
function handle_once(string $id, array $event): int
{
    $folder = sys_get_temp_dir() . '/pacspace-events';
    @mkdir($folder, 0700, true);
    $file = @fopen($folder . '/' . hash('sha256', $id), 'c+');
    if ($file === false) {
        error_log("$folder must be a folder that PHP can write to.");
        return 500;
    }
    if (!flock($file, LOCK_EX | LOCK_NB)) {
        return 409; // an attempt still runs; should it fail, PacSpace's next one is handled
    }
    if (fread($file, 1) === '') {
        handle($event);
        fwrite($file, '1');
    }
    return 200;
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
    return handle_once($id, $event);
}

// What goes wrong is for the log: once anything is shown, the status is 200.
ini_set('display_errors', '0');
try {
    http_response_code(answer());
} catch (Throwable $error) {
    error_log((string) $error);
    http_response_code(500);
}
