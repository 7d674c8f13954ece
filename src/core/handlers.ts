/** A ready-made webhook handler: a text file of its own in `media/handlers`. */
export interface HandlerTemplate {
  readonly id: string;
  /** The framework's name. */
  readonly label: string;
  /** VS Code's identifier of the language. */
  readonly language: "javascript" | "python" | "go" | "php";
  /** Its name in `media/handlers`. */
  readonly file: string;
  /** Where it belongs in a project; a name that hides no module of the framework's. */
  readonly saveAs: string;
}

/** Every handler that can be generated, in the order in which they are offered. */
export const handlerTemplates: readonly HandlerTemplate[] = [
  { id: "express", label: "Express", language: "javascript", file: "express.mjs", saveAs: "pacspace-webhook.mjs" },
  { id: "fastify", label: "Fastify", language: "javascript", file: "fastify.mjs", saveAs: "pacspace-webhook.mjs" },
  { id: "hono", label: "Hono", language: "javascript", file: "hono.mjs", saveAs: "pacspace-webhook.mjs" },
  {
    id: "next",
    label: "Next.js route",
    language: "javascript",
    file: "next.mjs",
    saveAs: "app/webhooks/pacspace/route.js",
  },
  { id: "node", label: "Node.js http", language: "javascript", file: "node.mjs", saveAs: "pacspace-webhook.mjs" },
  { id: "flask", label: "Flask", language: "python", file: "flask.py", saveAs: "pacspace_webhook.py" },
  { id: "fastapi", label: "FastAPI", language: "python", file: "fastapi.py", saveAs: "pacspace_webhook.py" },
  { id: "django", label: "Django", language: "python", file: "django.py", saveAs: "pacspace_webhook.py" },
  { id: "go", label: "Go net/http", language: "go", file: "go.go", saveAs: "main.go" },
  { id: "php", label: "PHP", language: "php", file: "php.php", saveAs: "pacspace-webhook.php" },
];
