import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cssText, escaped, html, Html } from '#ui/report/html.ts';

describe('HTML as text', () => {
  test('36: what is put in is text, what a template made is markup, and nothing is nothing', () => {
    const name = `<script>alert("1")</script>&'`;
    expect(html`<p title="${name}">${name}</p>`.text).toBe(
      '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</p>',
    );
    const items = ['a', 'b'].map((one) => html`<li>${one}</li>`);
    expect(html`${items}${null}${false}${undefined}${0}`.text).toBe('<li>a</li><li>b</li>0');
  });

  test('36: control characters are shown, and none turns the order of what follows', () => {
    expect(escaped('a\u0000b\u001bc\u007fd\te\nf')).toBe('a\u2400b\u241bc\u2421d\te\nf');
    expect(escaped('SN\u202e321')).toBe('SN\ufffd321');
    expect(escaped('x\ud800y')).toBe('x\ufffdy');
  });

  test('36: no text ends its quotes, in HTML or in CSS', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.oneof(fc.constantFrom(0x22, 0x26, 0x27, 0x3c, 0x3e), fc.integer({ min: 0, max: 0xffff })), {
            maxLength: 20,
          })
          .map((codes) => String.fromCharCode(...codes)),
        (text) => {
          expect(/[<>"']/.test(escaped(text))).toBe(false);
          expect(cssText(text).slice(1, -1)).toMatch(/^(?:[A-Za-z0-9 ]|\\[0-9a-f]+ )*$/);
        },
      ),
    );
    expect(cssText('A"}</style>')).toBe('"A\\22 \\7d \\3c \\2f style\\3e "');
    expect(Html.style('a { content: "</style>" }').text.match(/<\/style>/g)).toHaveLength(1);
  });
});
