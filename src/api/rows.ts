import { arrayField, numberField, recordOf, type Fields } from "../core/model/fields";
import { jsonMembers, jsonTextAt } from "../core/model/jsonText";
import type { Content } from "./envelope";
import type { PageFacts } from "./paging";

/** The rows of a list answer, and the key they lie under in its content; undefined when the content itself is the list. */
export interface Rows {
  readonly rows: readonly unknown[];
  readonly key: string | undefined;
}

/**
 * Finds the rows of a list: under one of the names in use, or as the content itself.
 * @param names of fields, the best first
 * @returns undefined when there is no list, or one of other things than objects
 */
export function rowsOf({ data }: Content, ...names: string[]): Rows | undefined {
  const found = listIn(data, names);
  return found === undefined || found.rows.length === 0 || found.rows.some(isObject) ? found : undefined;
}

function listIn(data: unknown, names: readonly string[]): Rows | undefined {
  if (Array.isArray(data)) return { rows: data as readonly unknown[], key: undefined };
  const row = recordOf(data);
  for (const key of names) {
    const rows = arrayField(row, key);
    if (rows !== undefined) return { rows, key };
  }
  return undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function atLeast(least: number, value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(value) && value >= least ? value : undefined;
}

/**
 * What an answer says of its pages: in `pagination` (reference page) or `meta`, inside the content or beside it, or as
 * fields of the content. Numbers that can't be meant count as absent.
 */
export function pageFacts({ data, value }: Content): PageFacts {
  const content = recordOf(data);
  const top = recordOf(value);
  const holders: readonly Fields[] = [
    recordOf(content.pagination),
    recordOf(content.meta),
    recordOf(top.pagination),
    recordOf(top.meta),
    content,
    top,
  ];
  const first = (least: number, ...names: string[]): number | undefined => {
    for (const holder of holders) {
      const number = atLeast(least, numberField(holder, ...names));
      if (number !== undefined) return number;
    }
    return undefined;
  };
  return {
    page: first(1, "page"),
    limit: first(1, "limit", "pageSize", "perPage"),
    offset: first(0, "offset"),
    total: first(0, "total", "totalCount"),
    totalPages: first(0, "totalPages"),
  };
}

/**
 * The JSON text of each row, exactly as it was sent.
 * @param text the whole answer
 * @returns one text per row; a row whose text can't be found is written anew
 */
export function rowTexts(text: string, { path }: Content, { rows, key }: Rows): readonly string[] {
  const span = jsonTextAt(text, key === undefined ? path : [...path, key]);
  const members = span === undefined ? undefined : jsonMembers(text, span);
  return rows.map((row, index) => {
    const member = members?.length === rows.length ? members[index] : undefined;
    return member === undefined ? JSON.stringify(row) : text.slice(member.span.start, member.span.end);
  });
}
