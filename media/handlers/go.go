// Receives PacSpace webhooks with Go's own net/http.
// Start it: PACSPACE_WEBHOOK_SECRET=whsec_… go run main.go
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"math"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	toleranceSeconds = 300
	mostBytes        = 5_000_000
)

// The whole secret, its whsec_ prefix included.
var secret = []byte(os.Getenv("PACSPACE_WEBHOOK_SECRET"))

// Event ids, each with whether it is done: until then it is being handled.
// Replace them by your database: one row per id with a unique key, written together with the event's effects.
var events sync.Map

type event struct {
	Event string          `json:"event"`
	Data  json.RawMessage `json:"data"`
}

func handle(e event) error {
	log.Println("handling", e.Event)
	return nil
}

// isGenuine tells whether a request came from PacSpace just now: the HMAC is over the bytes as they came.
func isGenuine(signature, timestamp string, body []byte) bool {
	number, err := strconv.ParseUint(timestamp, 10, 53)
	if err != nil {
		return false
	}
	sent := float64(number)
	if sent >= 1e12 {
		sent /= 1000 // milliseconds
	}
	if math.Abs(float64(time.Now().Unix())-sent) > toleranceSeconds {
		return false
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	expected := []byte("v1=" + hex.EncodeToString(mac.Sum(nil)))
	// While a secret is being rotated there are two values, and either may be the right one.
	for _, part := range strings.Split(signature, ",") {
		if hmac.Equal([]byte(strings.TrimSpace(part)), expected) {
			return true
		}
	}
	return false
}

func webhook(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBytes))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	signature := r.Header.Get("X-PacSpace-Signature")
	if !isGenuine(signature, r.Header.Get("X-PacSpace-Timestamp"), body) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var e event
	if json.Unmarshal(body, &e) != nil || e.Event == "" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	id := r.Header.Get("X-Event-ID")
	if id == "" {
		id = signature
	}
	if done, known := events.LoadOrStore(id, false); known {
		if done == false {
			w.WriteHeader(http.StatusConflict) // should the running attempt fail, PacSpace's next one is handled
		}
		return // 200: it was handled before
	}
	// Deferred, so that not even a panic leaves it running.
	done := false
	defer func() {
		if done {
			events.Store(id, true)
		} else {
			events.Delete(id)
		}
	}()
	if err := handle(e); err != nil {
		log.Println(err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	done = true
}

func main() {
	if len(secret) == 0 {
		log.Fatal("Set PACSPACE_WEBHOOK_SECRET to the webhook's secret, its whsec_ prefix included.")
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	http.HandleFunc("/webhooks/pacspace", webhook)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
