//! What servers say.

use crate::scenario::{Answer, Site};

use super::{Feature, dice::Dice, menu, menu::Values};

impl Dice {
    pub(super) fn preflight(&mut self, site: Site) -> Answer {
        let mut answer = Answer {
            status: match self.calm || !self.rng.one_in(4) {
                true => 204,
                false => self.rng.pick(menu::PREFLIGHT_STATUSES),
            },
            ..Answer::default()
        };
        self.share(&mut answer, site);
        self.lines(
            &mut answer,
            menu::ALLOW_METHODS,
            "*, GET, POST, PUT, DELETE, PATCH, patch, OPTIONS, put, X-METHOD",
            site,
        );
        self.lines(&mut answer, menu::ALLOW_HEADERS, ALL_HEADERS, site);
        match self.feature {
            Feature::Cache => {
                let age = self
                    .rng
                    .pick(&["600", "600", "600", "0", "abc", "-1", "86400", ""]);
                answer.lines.push(format!("Access-Control-Max-Age: {age}"));
            }
            _ if self.rng.one_in(3) => self.lines(&mut answer, menu::MAX_AGE, "600", site),
            _ => {}
        }
        self.spoil(&mut answer);
        answer
    }

    pub(super) fn actual(&mut self, site: Site) -> Answer {
        let mut answer = Answer {
            status: self.rng.pick(menu::STATUSES),
            body: "hello".to_owned(),
            ..Answer::default()
        };
        self.share(&mut answer, site);
        if self.rng.one_in(2) {
            self.lines(&mut answer, menu::EXPOSE_HEADERS, "*", site);
        }
        while self.rng.one_in(2) {
            let line = self.rng.pick(menu::OTHER);
            // Which of two types counts is a question of its own.
            if !line.starts_with("Content-Type") || !answer.lines.iter().any(|it| it == line) {
                answer.lines.push(line.to_owned());
            }
        }
        self.keep_out_of_http_caches(&mut answer);
        if self.feature == Feature::Elements {
            answer.status = 200;
            answer.body = menu::GIF.to_owned();
            answer
                .lines
                .retain(|line| !line.starts_with("Content-Type"));
            answer.lines.push("Content-Type: image/gif".to_owned());
        }
        if matches!(answer.status, 204 | 205 | 304) {
            answer.body.clear();
        }
        if self.feature != Feature::Elements && self.rng.one_in(2) {
            answer.reason = "OK then".to_owned();
        }
        self.spoil(&mut answer);
        answer
    }

    /// To a resource, whose site is known by then.
    pub(super) fn redirect(&mut self, to: usize, site: Site) -> Answer {
        let mut answer = Answer {
            status: self.rng.pick(menu::REDIRECTS),
            ..Answer::default()
        };
        self.share(&mut answer, Site::Home);
        // None to the same URL by an empty Location: whether Firefox asks for it by a preflight anew
        // is another thing from time to time.
        let location = match self.rng.below(16) {
            0 => "{scheme}://user:pw@{h}{p}",
            1 => "{scheme}://user@{h}{p}",
            3 => "data:text/plain,hi",
            4 => "about:blank",
            5 => "http://[",
            _ => "{r}",
        };
        let location = location
            .replace("{scheme}", site.scheme())
            .replace("{h}", &format!("{{h{to}}}"))
            .replace("{p}", &format!("{{p{to}}}"))
            .replace("{r}", &format!("{{r{to}}}"));
        answer.lines.push(format!("Location: {location}"));
        self.keep_out_of_http_caches(&mut answer);
        answer
    }

    /// What is fetched twice is to be asked for twice: the preflight cache is meant, not the one for
    /// responses.
    fn keep_out_of_http_caches(&self, answer: &mut Answer) {
        if matches!(self.feature, Feature::Redirects | Feature::Cache) {
            answer
                .lines
                .retain(|line| !line.starts_with("Cache-Control:"));
            answer.lines.push("Cache-Control: no-store".to_owned());
        }
    }

    /// Lines that open the response, mostly.
    pub(super) fn share(&mut self, answer: &mut Answer, site: Site) {
        let usual = match self.rng.below(6) {
            0 | 1 => "*",
            _ => "{origin}",
        };
        self.lines(answer, menu::ALLOW_ORIGIN, usual, site);
        if self.rng.one_in(2) {
            self.lines(answer, menu::ALLOW_CREDENTIALS, "true", site);
        }
    }

    /// One header's lines: the usual value, another one, none, or two.
    pub(super) fn lines(
        &mut self,
        answer: &mut Answer,
        (name, values): Values,
        usual: &str,
        site: Site,
    ) {
        let odd = self.feature == Feature::Bytes && !matches!(site, Site::H2B | Site::H2Home);
        let often = match (self.calm, odd) {
            (true, _) => 12,
            (false, true) => 2,
            (false, false) => 4,
        };
        if !self.rng.one_in(often) {
            answer.lines.push(format!("{name}: {usual}"));
            return;
        }
        let mut count = self.rng.pick(&[0, 1, 1, 1, 1, 2]);
        while count > 0 {
            count -= 1;
            let value = self.rng.pick(values);
            let control = value
                .chars()
                .any(|char| u32::from(char) < 0x20 && char != '\t');
            if control && !odd {
                continue;
            }
            let line = match odd {
                true => self.odd_line(name, value),
                false => format!("{name}: {value}"),
            };
            answer.lines.push(line);
        }
    }

    pub(super) fn odd_line(&mut self, name: &str, value: &str) -> String {
        match self.rng.below(12) {
            0 => format!("{}:{value}", name.to_ascii_lowercase()),
            1 => format!("{}:   {value}  ", name.to_ascii_uppercase()),
            2 => format!("{name}:\t{value}\t"),
            3 => format!("{name} : {value}"),
            _ => format!("{name}: {value}"),
        }
    }

    pub(super) fn spoil(&mut self, answer: &mut Answer) {
        if self.feature == Feature::Transport {
            match self.rng.below(6) {
                0 | 1 => answer.reset = true,
                2 | 3 => answer.delay = self.rng.pick(&[20, 50, 100]),
                _ => {}
            }
        }
    }
}

const ALL_HEADERS: &str = "authorization, content-type, x-custom, x-other, accept, accept-language, content-language, range, dpr, save-data, width, viewport-width, downlink, cache-control, pragma, x-requested-with, x-http-method-override, x-method-override";
