<?php
// Prints each original again in the ways that PHP programs do: name, a tab, base64, one a line.
ini_set('serialize_precision', '-1');
$hex = JSON_HEX_TAG | JSON_HEX_APOS | JSON_HEX_AMP | JSON_HEX_QUOT;
$ways = [
    'json_encode' => 0,
    'json_encode, unescaped slashes' => JSON_UNESCAPED_SLASHES,
    'json_encode, unescaped unicode' => JSON_UNESCAPED_UNICODE,
    'json_encode, unescaped slashes and unicode' => JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE,
    'json_encode, pretty' => JSON_PRETTY_PRINT,
    'json_encode, pretty, unescaped' => JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE,
    'json_encode, safe for HTML' => $hex,
    'json_encode, zero fractions' => JSON_PRESERVE_ZERO_FRACTION,
];
foreach (json_decode(file_get_contents($argv[1]), true) as $name => $text) {
    foreach ($ways as $way => $flags) {
        foreach (['objects' => false, 'arrays' => true] as $kind => $associative) {
            $printed = json_encode(json_decode($text, $associative), $flags);
            echo "$name\tPHP $way, from $kind\t", base64_encode($printed), "\n";
        }
    }
}
