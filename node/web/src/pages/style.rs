//! A partner's house style: other values for the tokens of the style sheet, and a logo. What people could not read is refused.

use super::assets::STYLE;

/// The colours that a partner may give, by their key under `style`. In the style sheet `color_on_accent` is `--polder-color-on-accent`.
pub const COLORS: [&str; 11] = [
    "color_accent",
    "color_on_accent",
    "color_ink",
    "color_quiet",
    "color_paper",
    "color_ground",
    "color_soft",
    "color_stop",
    "color_edge",
    "color_line",
    "color_focus",
];

/// The largest logo, in bytes.
pub const LARGEST_LOGO: usize = 32 * 1024;

/// The least contrast of a text and what it stands on (WCAG 2.2, 1.4.3).
const OF_TEXT: f64 = 4.5;
/// The least contrast of the edge of what can be filled in (WCAG 2.2, 1.4.11).
const OF_EDGE: f64 = 3.0;

/// What stands on what.
const PAIRS: [(&str, &str, f64); 18] = [
    ("color_ink", "color_paper", OF_TEXT),
    ("color_ink", "color_ground", OF_TEXT),
    ("color_ink", "color_soft", OF_TEXT),
    ("color_ink", "color_good", OF_TEXT),
    ("color_ink", "color_wait", OF_TEXT),
    ("color_ink", "color_bad", OF_TEXT),
    ("color_quiet", "color_paper", OF_TEXT),
    ("color_quiet", "color_ground", OF_TEXT),
    ("color_quiet", "color_soft", OF_TEXT),
    ("color_accent", "color_paper", OF_TEXT),
    ("color_accent", "color_ground", OF_TEXT),
    ("color_accent", "color_soft", OF_TEXT),
    ("color_on_accent", "color_accent", OF_TEXT),
    ("color_stop", "color_paper", OF_TEXT),
    ("color_stop", "color_ground", OF_TEXT),
    ("color_stop", "color_bad", OF_TEXT),
    ("color_edge", "color_paper", OF_EDGE),
    ("color_edge", "color_ground", OF_EDGE),
];

/// How the pages of a partner look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HouseStyle {
    /// The values that it gives to tokens, as CSS.
    css: String,
    /// Its logo, and what kind of picture it is.
    logo: Option<(Vec<u8>, Picture)>,
}

/// What kind of picture a logo is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Picture {
    Png,
    Svg,
}

impl HouseStyle {
    /// A house style: colours by their key, each as `#rrggbb`; the names of fonts; the radius of corners in pixels.
    ///
    /// # Errors
    /// The key that cannot be so, and why.
    pub fn new(colors: &[(&'static str, String)], font: Option<&str>, radius: Option<usize>) -> Result<Self, (&'static str, String)> {
        let given = |key: &str| colors.iter().find(|(known, _)| *known == key).map(|(_, color)| color.as_str());
        let mut css = String::new();
        for (key, color) in colors {
            rgb(color).ok_or_else(|| (*key, "a colour is expected: # and six hexadecimal digits, such as #154273".to_owned()))?;
            css.push_str(&format!("{}:{color};", property(key)));
        }
        for (upper, lower, least) in PAIRS {
            let of = |key| given(key).or_else(|| Self::color(key)).and_then(|color| Some((color, rgb(color)?)));
            let (Some((above, above_rgb)), Some((below, below_rgb))) = (of(upper), of(lower)) else { continue };
            let contrast = contrast(above_rgb, below_rgb);
            if contrast < least {
                // One of the two is given: our own are far enough apart.
                let key = [upper, lower].into_iter().find(|key| given(key).is_some()).unwrap_or(upper);
                let problem = format!(
                    "{upper} {above} on {lower} {below} has a contrast of {contrast:.1}; at least {least} is needed, so that everybody can see it (WCAG 2.2)"
                );
                return Err((key, problem));
            }
        }
        if let Some(font) = font {
            let form = !font.is_empty() && font.len() <= 200 && font.chars().all(|c| c.is_ascii_alphanumeric() || " ,-\"'".contains(c));
            let even = font.matches('"').count() % 2 == 0 && font.matches('\'').count() % 2 == 0;
            if !form || !even {
                return Err(("font", "names of fonts are expected as in CSS, such as \"Open Sans\", sans-serif".to_owned()));
            }
            css.push_str(&format!("--polder-font:{font};"));
        }
        if let Some(radius) = radius {
            css.push_str(&format!("--polder-radius:{radius}px;"));
        }
        Ok(Self { css, logo: None })
    }

    /// What a colour is where a partner gives none.
    #[must_use]
    pub fn color(key: &str) -> Option<&'static str> {
        let (_, rest) = STYLE.split_once(&format!("{}: ", property(key)))?;
        rest.split_once(';').map(|(value, _)| value)
    }

    /// The same with a logo: a PNG, or an SVG.
    ///
    /// # Errors
    /// Why that is no logo.
    pub fn with_logo(mut self, logo: Vec<u8>) -> Result<Self, String> {
        if logo.len() > LARGEST_LOGO {
            return Err(format!("this has {} bytes; at most {LARGEST_LOGO} are taken", logo.len()));
        }
        let start = String::from_utf8_lossy(&logo[..logo.len().min(1_000)]).into_owned();
        let picture = if logo.starts_with(b"\x89PNG\r\n\x1a\n") {
            Picture::Png
        } else if start.trim_start().starts_with('<') && start.contains("<svg") {
            Picture::Svg
        } else {
            return Err("this is neither a PNG nor an SVG".to_owned());
        };
        self.logo = Some((logo, picture));
        Ok(self)
    }

    /// The style sheet with the tokens of this house.
    pub(super) fn sheet(&self) -> String {
        if self.css.is_empty() { STYLE.to_owned() } else { format!("{STYLE}:root{{{}}}\n", self.css) }
    }

    pub(super) fn logo(&self) -> Option<(&[u8], Picture)> {
        self.logo.as_ref().map(|(logo, picture)| (logo.as_slice(), *picture))
    }
}

fn property(key: &str) -> String {
    format!("--polder-{}", key.replace('_', "-"))
}

fn rgb(color: &str) -> Option<[f64; 3]> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let bytes = hex::decode(digits).ok()?;
    Some([f64::from(bytes[0]), f64::from(bytes[1]), f64::from(bytes[2])])
}

/// The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |color: [f64; 3]| {
        let [red, green, blue] = color.map(|part| {
            let part = part / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_colours_can_be_read() {
        for key in COLORS {
            assert!(HouseStyle::color(key).and_then(rgb).is_some(), "{key}");
        }
        for (upper, lower, _) in PAIRS {
            assert!(
                HouseStyle::color(upper).and_then(rgb).is_some() && HouseStyle::color(lower).and_then(rgb).is_some(),
                "{upper} on {lower}"
            );
        }
        assert_eq!(HouseStyle::new(&[], None, None), Ok(HouseStyle::default()));
        assert_eq!(format!("{:.2}", contrast([0.0; 3], [255.0; 3])), "21.00");
        // The grey that is just enough on white.
        assert_eq!(format!("{:.2}", contrast([118.0; 3], [255.0; 3])), "4.54");
    }

    #[test]
    fn a_house_style_that_nobody_can_read_is_refused() {
        let new = |colors: &[(&'static str, &str)]| {
            let colors: Vec<_> = colors.iter().map(|(key, color)| (*key, (*color).to_owned())).collect();
            HouseStyle::new(&colors, None, None)
        };
        let blue = new(&[("color_accent", "#154273"), ("color_soft", "#e5eef8")]).expect("a blue that can be read");
        assert!(blue.sheet().ends_with(":root{--polder-color-accent:#154273;--polder-color-soft:#e5eef8;}\n"));
        let (key, problem) = new(&[("color_accent", "#ffd500")]).expect_err("yellow on white");
        assert_eq!(key, "color_accent");
        assert!(problem.contains("#ffd500") && problem.contains("4.5"), "{problem}");
        // A dark ground under dark ink: the one that was given is named.
        assert_eq!(new(&[("color_ground", "#222222")]).expect_err("dark on dark").0, "color_ground");
        for color in ["red", "#12345", "#12345g", "#123456;}body{", ""] {
            assert_eq!(new(&[("color_accent", color)]).expect_err(color).0, "color_accent");
        }
    }

    #[test]
    fn fonts_and_corners_say_nothing_else() {
        let new = |font| HouseStyle::new(&[], Some(font), Some(0));
        let sheet = new("\"Open Sans\", sans-serif").expect("fonts").sheet();
        assert!(sheet.ends_with(":root{--polder-font:\"Open Sans\", sans-serif;--polder-radius:0px;}\n"));
        for font in ["", "x;}*{color:red", "url(https://evil.example)", "\"Open", "a\\b", "</style>"] {
            assert_eq!(new(font).expect_err(font).0, "font");
        }
    }

    #[test]
    fn a_logo_is_a_picture_and_not_large() {
        let logo = |bytes: &[u8]| HouseStyle::default().with_logo(bytes.to_vec());
        assert_eq!(logo(b"\x89PNG\r\n\x1a\nrest").expect("a PNG").logo().map(|(_, picture)| picture), Some(Picture::Png));
        assert_eq!(logo(b"<?xml version=\"1.0\"?>\n<svg/>").expect("an SVG").logo().map(|(_, picture)| picture), Some(Picture::Svg));
        assert!(logo(b"<!doctype html><script>").expect_err("a page").contains("neither"));
        assert!(logo(&vec![b' '; LARGEST_LOGO + 1]).expect_err("large").contains("32768"));
    }
}
