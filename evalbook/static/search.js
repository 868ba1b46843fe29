// Search in Chinese. Sphinx's own looks for an unspaced phrase as one word; this cuts the query into the pieces that
// evalbook.sphinxext.search put into the index. Loaded on the search page alone, after Sphinx's script.
(() => {
  const { drafts, edition, alike } = document.currentScript.dataset;
  const HAN = /[〇㐀-鿿\u{20000}-\u{3ffff}]/u;
  const WORD =
    /[0-9]+(?:\.[0-9]+)?|[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*|(?<=[0-9]{4})年度?|[〇㐀-鿿\u{20000}-\u{3ffff}]+/gu;
  const THOUSANDS = /(?<=[0-9]),(?=[0-9]{3}(?![0-9]))/g;
  // What a reader asks says nothing about the page that answers.
  const QUESTION = /[是有]?(多少|什么|哪些)[人户钱]?|[吗呢?？]/g;

  // What readers want first. The annexes hold every number and name, so that they match almost any query: last.
  const KINDS = [
    /^years\/\d+\/(index|summary|\d\d-.*)$/,
    /^guide\/(glossary|method)$/,
    /(?<!checks|lineage|tables|indicators|dictionary|registries)$/,
    /$/,
  ];

  // Sphinx's messages, by the English that its catalogue of translations goes by.
  const NOTHING =
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.";
  const SOMETHING = "Search finished, found ${resultCount} page(s) matching the search query.";

  // Radicals that look like a character and are none, typed or pasted from a PDF.
  const [looks, usual] = (alike ?? " ").split(" ").map((characters) => [...characters]);
  const ALIKE = new Map(looks.map((character, place) => [character, usual[place]]));
  const unlike = (text) => [...text].map((character) => ALIKE.get(character) ?? character).join("");
  const normalised = (text) => unlike(text).normalize("NFKC").toLowerCase().replace(THOUSANDS, "");
  const words = (text) => normalised(text).match(WORD) ?? [];
  const pieces = (word) => {
    const characters = [...word];
    if (characters.length === 1 || !HAN.test(word)) return [word];
    return characters.slice(1).map((character, before) => characters[before] + character);
  };
  // The book of an edition has the pages of its year at the top.
  const placed = (page) => (edition && !page.includes("/") ? `years/${edition}/${page}` : page);
  const yearOf = (place) => place.match(/^years\/(\d+)\//)?.[1];
  const escaped = (text) => new Option(text).innerHTML;

  // Pages that have a piece. What no page has stands for what it is a part of: 2748 for 2748.71, 1087.6 for 1087.60,
  // dibao for urban_dibao; but not 62 for 6219.
  const pagesWith = (piece, terms) => {
    const same = terms.filter(([term]) => term === piece);
    const start = piece.includes(".") ? piece : `${piece}.`;
    const partly = (term) => (/^[0-9]/.test(piece) ? term.startsWith(start) : term.includes(piece));
    const found = same.length ? same : terms.filter(([term]) => partly(term));
    return new Set(found.flatMap(([, pages]) => pages));
  };

  // The longest parts of a word that a page has: 城市低保标准 gives 城市低保 and 标准 where the two stand apart.
  const partsOn = (page, word, pagesOf) => {
    const parts = [];
    let adjoins = false;
    for (const piece of pieces(word)) {
      const here = pagesOf.get(piece).has(page);
      if (here) parts.push(adjoins ? parts.pop() + [...piece].at(-1) : piece);
      adjoins = here;
    }
    return parts;
  };

  // For every page the title, or the caption or glossary entry that is hardly more than the query.
  const headingsWith = (wanted) => {
    const { alltitles, indexentries } = Search._index;
    const best = new Map();
    for (const [heading, places] of [...Object.entries(alltitles), ...Object.entries(indexentries)]) {
      const text = normalised(heading);
      if (!wanted.every((word) => text.includes(word))) continue;
      // Of two alike the one that begins with the query: 特困供养 before 农村特困.
      const fit = wanted.join("").length / text.length - (text.startsWith(wanted[0]) ? 0 : 0.01);
      for (const [page, anchor] of places) {
        const worth = 6 * fit ** 2 + (anchor ? 0 : 3);
        if (worth > (best.get(page)?.worth ?? 0)) best.set(page, { heading, anchor, worth });
      }
    }
    return best;
  };

  // Pages that have all characters of the query; failing that, those that have most, and at least half.
  const ranked = (wanted) => {
    const { docnames, filenames, titles } = Search._index;
    const places = docnames.map(placed);
    const terms = [...Object.entries(Search._index.terms), ...Object.entries(Search._index.titleterms)];
    const pagesOf = new Map(wanted.flatMap(pieces).map((piece) => [piece, pagesWith(piece, terms)]));
    for (const [page, place] of places.entries()) pagesOf.get(yearOf(place))?.add(page);
    // jieba's words that hold a word of the query, such as 城市特困 for 特困: how much a page is about it.
    const names = wanted.filter((word) => word.length > 1 && HAN.test(word));
    const about = terms.filter(([term]) => names.some((name) => term.includes(name))).flatMap(([, pages]) => pages);
    const headings = headingsWith(wanted);
    const newest = Math.max(...places.map((place) => yearOf(place) ?? 0));

    const found = places.map((place, page) => {
      const parts = wanted.flatMap((word) => partsOn(page, word, pagesOf));
      const { heading, anchor, worth } = headings.get(page) ?? { worth: 0 };
      const year = yearOf(place);
      const score =
        (KINDS.length - KINDS.findIndex((kind) => kind.test(place))) +
        2 * (wanted.length / parts.length) +
        worth +
        Math.min(about.filter((other) => other === page).length, 10) / 20 +
        (wanted.includes(year) ? 3 : 0) - (year ? (newest - year) / 100 : 0) -
        // A year just begun repeats the words of the last one, with 待填 for its numbers.
        (drafts.split(" ").includes(year) ? 3 : 0);
      const title = [year ? `${year}年度` : [], titles[page], anchor ? escaped(heading) : []].flat().join(" › ");
      const row = [docnames[page], title, anchor ? `#${anchor}` : "", null, score, filenames[page]];
      return { row, score, parts, covered: parts.join("").length };
    });
    const most = Math.max(wanted.join("").length / 2, ...found.map(({ covered }) => covered));
    return found.filter(({ covered }) => covered === most).sort((one, other) => other.score - one.score);
  };

  const query = (typed) => {
    const asked = words(typed.replace(QUESTION, " "));
    const wanted = asked.length ? asked : words(typed);
    const found = wanted.length ? ranked(wanted) : [];
    const [{ parts, covered }] = [...found, { parts: [], covered: 0 }];
    Object.assign(Documentation.TRANSLATIONS, {
      [NOTHING]: `没有找到“${typed.trim()}”。请换一个更短的词，例如“临时救助”“特困”；找数字时只输入数字，例如“2748.71”。`,
      [SOMETHING]:
        covered === wanted.join("").length
          ? `找到 ${found.length} 页。`
          : `没有一页含有“${typed.trim()}”的全部文字；下面 ${found.length} 页最接近，含有“${parts.join("”“")}”。`,
    });
    // Marked on the pages: the query as typed, and its longest part; the others, such as 61 or 万元, would be noise.
    // The summary shows the last of these that its page has.
    const [longest = []] = [...parts].sort((one, other) => other.length - one.length);
    const shown = [...new Set([longest, typed.toLowerCase().match(/\S+/g)].flat())];
    localStorage.setItem("sphinx_highlight_terms", shown.join(" "));
    // Sphinx shows the last result first.
    _displayNextItem(found.map(({ row }) => row).reverse(), found.length, shown, shown);
  };

  // Of a page only what it says: not the way to it, nor the program behind it. The anchor of a glossary entry is the
  // term alone; a reader wants to see what it means.
  const { htmlToText: textAt } = Search;
  const htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll("nav, .how-computed").forEach((node) => node.remove());
    const term = page.getElementById(anchor.slice(1));
    if (term?.tagName !== "DT") return textAt(page.documentElement.outerHTML, anchor);
    return `${term.firstChild.textContent}：${term.nextElementSibling.textContent.trim()}`;
  };

  Object.assign(Search, { words, pieces, query, htmlToText });
  // A page opened from a folder may not read another one: results without summaries rather than errors.
  if (window.location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
})();
