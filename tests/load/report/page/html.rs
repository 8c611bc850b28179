//! Text and tables as HTML.

use super::super::table::{grid::Grid, put};

/// A grid; the first cell of a row names it.
pub fn table(out: &mut String, caption: &str, grid: &Grid) {
    let caption = escape(caption);
    put(
        out,
        format_args!("<div class=\"wide\"><table>\n<caption>{caption}</caption>\n<thead><tr>"),
    );
    let class = |is_number| if is_number { " class=\"n\"" } else { "" };
    for column in &grid.columns {
        let (class, name) = (class(column.is_number), escape(&column.name));
        put(out, format_args!("<th scope=\"col\"{class}>{name}</th>"));
    }
    put(out, format_args!("</tr></thead>\n<tbody>\n"));
    for cells in &grid.rows {
        put(out, format_args!("<tr>"));
        for (at, (cell, column)) in cells.iter().zip(&grid.columns).enumerate() {
            let (class, cell) = (class(column.is_number), escape(cell));
            if at == 0 {
                put(out, format_args!("<th scope=\"row\"{class}>{cell}</th>"));
            } else {
                put(out, format_args!("<td{class}>{cell}</td>"));
            }
        }
        put(out, format_args!("</tr>\n"));
    }
    put(out, format_args!("</tbody></table></div>\n"));
}

/// Text that is read as text, within elements and within attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{super::super::table::grid::Column, *};

    #[test]
    fn text_is_escaped_within_elements_and_attributes() {
        assert_eq!(
            escape("<a href=\"x\">&'ü"),
            "&lt;a href=&quot;x&quot;&gt;&amp;&#39;ü"
        );
    }

    #[test]
    fn the_first_cell_heads_its_row() {
        let grid = Grid {
            columns: vec![Column::text("<tool>"), Column::number("p50")],
            rows: vec![vec!["<all>".to_owned(), "1".to_owned()]],
        };
        let mut out = String::new();
        table(&mut out, "<caption>", &grid);
        for part in [
            "<caption>&lt;caption&gt;</caption>",
            "<th scope=\"col\">&lt;tool&gt;</th><th scope=\"col\" class=\"n\">p50</th>",
            "<tr><th scope=\"row\">&lt;all&gt;</th><td class=\"n\">1</td></tr>",
        ] {
            assert!(out.contains(part), "{part}: {out}");
        }
    }
}
