/// The page's script. It only reads and changes the page itself.
enum PageScript {
    static let text = #"""
        (() => {
          "use strict";
          const byId = (id) => document.getElementById(id);
          const root = document.documentElement;

          const theme = byId("theme");
          const system = matchMedia("(prefers-color-scheme: dark)");
          const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
          const showTheme = () => theme.setAttribute("aria-pressed", String(isDark()));
          const storage = (body) => { try { return body(localStorage); } catch { return null; } };
          const chosen = storage((store) => store.getItem("promptir-theme"));
          if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;
          theme.addEventListener("click", () => {
            const next = isDark() ? "light" : "dark";
            root.dataset.theme = next;
            storage((store) => store.setItem("promptir-theme", next));
            showTheme();
          });
          system.addEventListener("change", showTheme);
          showTheme();

          const list = byId("list");
          list.addEventListener("input", ({ target }) => {
            target.parentElement.style.setProperty("--at", target.value + "%");
            target.setAttribute("aria-valuetext", target.value + " % original");
          });

          const cards = Array.from(list.children, (card, index) => ({
            card, index, name: card.querySelector("h3").textContent.toLowerCase(),
          }));
          const find = byId("find"), order = byId("order"), shown = byId("shown"), none = byId("none");
          const buttons = Array.from(document.querySelectorAll("button[data-show]"));
          let state = "all";

          const filter = () => {
            const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
            let count = 0;
            for (const { card, name } of cards) {
              const fits = (state === "all" || card.dataset.state === state)
                && words.every((word) => name.includes(word));
              card.hidden = !fits;
              if (fits) count += 1;
            }
            shown.textContent = count + " of " + cards.length + " shown";
            none.hidden = count > 0;
          };

          const number = (card, key) => {
            const text = card.dataset[key];
            return text ? Number(text) : null;
          };
          // What has no value comes last, whatever the order.
          const sort = () => {
            const key = order.value, rising = key === "psnr";
            const value = new Map(cards.map(({ card }) => [card, key === "name" ? null : number(card, key)]));
            const sorted = cards.toSorted((left, right) => {
              const a = value.get(left.card), b = value.get(right.card);
              if (a === null || b === null) {
                return (a === null) - (b === null) || left.index - right.index;
              }
              return (rising ? a - b : b - a) || left.index - right.index;
            });
            list.append(...sorted.map(({ card }) => card));
          };

          for (const button of buttons) {
            button.addEventListener("click", () => {
              state = button.dataset.show;
              for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
              filter();
            });
          }
          find.addEventListener("input", filter);
          order.addEventListener("change", sort);
          // An order that no picture has a value for would change nothing.
          for (const option of Array.from(order.options)) {
            if (option.value !== "name" && !cards.some(({ card }) => card.dataset[option.value])) option.remove();
          }
          filter();
        })();
        """#
}
