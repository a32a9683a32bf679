/** A piece of HTML that needs no more escaping. */
export type Html = Readonly<{ html: string }>;

type Value = string | number | Html | readonly Html[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

const textOf = (value: Value): string => {
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  return 'html' in value ? value.html : value.map(({ html: piece }) => piece).join('');
};

/** Text that is HTML already, as a style sheet is. */
export const raw = (html: string): Html => ({ html });

/** Builds HTML from a template: every text put into it is escaped, in content and in quoted attributes alike. */
export const html = (strings: TemplateStringsArray, ...values: readonly Value[]): Html =>
  raw(strings.reduce((all, string, index) => all + textOf(values[index - 1] ?? '') + string));

const NOTHING_BUT_STYLE = "default-src 'none'; style-src 'unsafe-inline'";

/** A whole page that needs nothing else: its style stands in it, it loads nothing, and runs the `scripts` with these hashes alone. */
export const pageHtml = ({
  language = 'en',
  title,
  style,
  scripts = [],
  body,
}: Readonly<{
  language?: string;
  title: string;
  style: string;
  scripts?: readonly string[];
  body: Html;
}>): string => {
  const policy = [
    NOTHING_BUT_STYLE,
    ...(scripts.length === 0 ? [] : [`script-src ${scripts.join(' ')}`]),
  ].join('; ');
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
${body}
</body>
</html>
`.html;
};

/** A JSON value inside a script element: nothing in it can end the element. */
export const jsonForScript = (value: unknown): Html =>
  raw(
    JSON.stringify(value)
      .replace(/</g, '\\u003c')
      .replace(/\u2028/g, '\\u2028')
      .replace(/\u2029/g, '\\u2029'),
  );
