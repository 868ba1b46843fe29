// Makes the charts of a page interactive. Without this script, or when it fails, the pictures stay.
// Vega comes from the site itself, once; a plain script element also works from file://, unlike fetch.
(() => {
  const here = document.currentScript.src;
  const specifications = document.querySelectorAll("script.vega-lite");

  const draw = async (script) => {
    const picture = script.closest(".chart-narrow")?.querySelector("img") ??
      script.closest(".cell_output").querySelector("img.chart-wide");
    const chart = document.createElement("div");
    chart.className = `chart ${picture.className}`;
    picture.after(chart);
    try {
      await window.vegaEmbed(chart, JSON.parse(script.textContent), {
        mode: "vega-lite",
        renderer: "svg",
        actions: false,
      });
      // Vega has named it "Vega visualization".
      chart.setAttribute("role", "img");
      chart.setAttribute("aria-label", picture.alt);
      chart.removeAttribute("aria-roledescription");
      chart.querySelector("svg").setAttribute("aria-hidden", "true");
      picture.hidden = true;
    } catch (error) {
      chart.remove();
      console.error(error);
    }
  };

  const vega = document.createElement("script");
  vega.src = new URL("vega-bundle.js", here);
  vega.onload = () => specifications.forEach(draw);
  document.head.append(vega);
})();
