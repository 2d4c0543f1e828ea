/** The only script of the HTML report: filters the findings and opens what matters for print. Works on what is in the page. */
export const script = `
(() => {
  const form = document.getElementById('filters');
  const count = document.getElementById('count');
  const rows = [...document.querySelectorAll('.finding')].map((el) => ({ el, text: el.dataset.text, data: el.dataset }));
  const names = ['outcome', 'severity', 'category'];
  const apply = () => {
    const words = form.elements.q.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const { el, text, data } of rows) {
      const hit = names.every((n) => !form.elements[n].value || form.elements[n].value.split(' ').includes(data[n])) && words.every((w) => text.includes(w));
      if (el.hidden === hit) el.hidden = !hit;
      if (hit) shown += 1;
    }
    count.textContent = shown + ' of ' + rows.length + ' checks shown';
  };
  let timer;
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(apply, 60); });
  form.addEventListener('reset', () => setTimeout(apply));
  form.addEventListener('submit', (e) => e.preventDefault());
  form.hidden = false;
  apply();
  const fill = (el) => {
    const template = el.querySelector(':scope > template');
    if (template) template.replaceWith(template.content);
  };
  document.getElementById('findings').addEventListener('toggle', (e) => fill(e.target), true);
  const openTarget = () => {
    const el = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (el && el.matches('.finding')) { fill(el); el.hidden = false; el.open = true; el.scrollIntoView(); }
  };
  addEventListener('hashchange', openTarget);
  openTarget();
  addEventListener('beforeprint', () => { for (const { el, data } of rows) if (data.print) { fill(el); el.open = true; } });
})();
`;
