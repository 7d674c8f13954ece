// Prints each original again in the ways that Go programs do: name, a tab, base64, one a line.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"sort"
)

func must(printed []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return printed
}

func parsed(text string) interface{} {
	var value interface{}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		panic(err)
	}
	return value
}

func encoded(value interface{}, indent string, escapes bool) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", indent)
	encoder.SetEscapeHTML(escapes)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return out.Bytes()
}

type envelope struct {
	Event     string          `json:"event"`
	Timestamp string          `json:"timestamp"`
	Data      json.RawMessage `json:"data"`
}

func ofEnvelope(text string) envelope {
	var value envelope
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		panic(err)
	}
	return value
}

func main() {
	content, err := os.ReadFile(os.Args[1])
	originals := map[string]string{}
	if err := json.Unmarshal(must(content, err), &originals); err != nil {
		panic(err)
	}
	names := []string{}
	for name := range originals {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		text := originals[name]
		for _, way := range []struct {
			name    string
			printed []byte
		}{
			{"json.Marshal of a map", must(json.Marshal(parsed(text)))},
			{"json.MarshalIndent of a map", must(json.MarshalIndent(parsed(text), "", "  "))},
			{"json.Encoder of a map", encoded(parsed(text), "", true)},
			{"json.Encoder of a map, tabs, no HTML escapes", encoded(parsed(text), "\t", false)},
			{"json.Marshal of a struct with raw data", must(json.Marshal(ofEnvelope(text)))},
			{"json.MarshalIndent of a struct with raw data", must(json.MarshalIndent(ofEnvelope(text), "", "\t"))},
			{"json.Encoder of a struct with raw data", encoded(ofEnvelope(text), "", true)},
		} {
			fmt.Printf("%s\tGo %s\t%s\n", name, way.name, base64.StdEncoding.EncodeToString(way.printed))
		}
	}
}
