//! What the words of a mail give away, in one pass: who is selling, who is buying, and who is cheating.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::sync::LazyLock;

/// A meaning that words can have for the trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sense {
    /// Somebody wants to sell to us.
    Selling,
    /// Somebody wants to buy from us.
    Buying,
    /// A circular's usual small print.
    Circular,
    Cheating(Fraud),
}

/// Frauds on exporters that words give away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fraud {
    /// A fee first, for a payment or contract that never comes.
    AdvanceFee,
    /// Passwords are wanted.
    Phishing,
    /// He pays too much and wants the rest sent on.
    Overpayment,
    /// Payments shall go to another account.
    BankChange,
    /// Someone "applies" for our name as a domain.
    DomainRegistration,
    /// A visa is wanted, not goods.
    InvitationLetter,
    /// Romance, inheritance, crypto.
    Investment,
    /// The boss in a hurry.
    ExecutiveOrder,
    /// A parcel or invoice with a small sum to pay.
    ParcelFee,
}

use self::Fraud::*;
use self::Sense::*;

/// (sense, weight, phrases as [`crate::text::normalise`] leaves them)
#[rustfmt::skip]
const PHRASES: &[(Sense, i32, &[&str])] = &[
    (Selling, 2, &["we are manufacturer", "we are a manufacturer", "we are the manufacturer", "we are a professional manufacturer", "we are professional manufacturer", "we are one of the leading manufacturer", "we are a factory", "we are a supplier", "we are supplier",
        "leading manufacturer of", "leading supplier of", "professional manufacturer of", "professional supplier of", "we manufacture", "we can supply", "we supply", "we can offer you", "we offer you", "introduce our", "introduce ourselves as", "introduce our services", "our services",
        "best rate", "best freight", "freight rate", "freight forwarder in china", "let me quote for you", "quote for you", "submit our offer", "our latest price list", "find our price list", "our price list attached", "our catalog attached", "attached our catalog", "our hot selling", "our factory is", "our factory was",
        "page 1 of google", "on page 1", "on google and found", "search engine", "seo", "backlink", "guest post", "web design", "website design", "website redesign", "mobile app development", "lead generation", "real buyers per month",
        "inspection services", "minute call", "quick call", "schedule a call", "boost your sales", "grow your business", "increase your sales", "booth construction", "stand builder",
        "专业生产", "我厂", "我司专业", "我司是一家专业", "我们是专业", "我们是一家专业", "现货供应", "厂家直销", "源头工厂", "欢迎来厂", "承接", "货代", "货运代理", "运价", "海运费", "优势航线", "双清", "网站推广", "谷歌推广", "外贸推广", "代理记账", "展位搭建", "验厂辅导", "我公司主营", "我司主营", "主营产品",
        "공급하고자", "공급 제안", "제안드립니다", "제조업체입니다", "предлагаем вам", "предлагаем сотрудничество", "мы производим", "мы являемся производителем", "наша компания производит", "наши услуги", "wir bieten ihnen", "wir sind hersteller", "wir sind ein hersteller", "unsere dienstleistungen", "nous proposons", "nous sommes fabricant", "nous fabriquons", "nos services",
        "ofrecemos", "somos fabricantes", "nuestros servicios", "oferecemos", "nossos serviços", "siamo produttori", "offriamo", "i nostri servizi", "wij bieden", "wij leveren", "üreticisiyiz", "jesteśmy producentem", "oferujemy", "vi erbjuder", "nabízíme", "мы поставляем", "мы являемся поставщиком", "chúng tôi chuyên cung cấp", "chúng tôi chuyên sản xuất", "نحن مصنع", "نقدم لكم", "공급업체입니다", "我司提供", "我们可以提供", "可提供样品", "tedarik edebiliriz", "hizmetlerimiz", "弊社の製品をご紹介", "ご提案"]),
    (Selling, 1, &["our catalogue", "our catalog", "our products", "our price", "our rate", "our rates", "our offer", "our company provides", "we provide", "we produce", "we specialize in", "we specialise in", "valid until", "valid to", "special price", "discount", "hope to get your inquiry", "looking forward to your inquiry", "unser angebot", "unsere produkte", "unseren katalog", "unsere preise", "wir fertigen", "wir produzieren", "wir vertreiben", "für ihre produktion", "nos produits", "nos tarifs", "notre catalogue", "nous fournissons", "nous produisons", "tarif spécial", "nuestros productos", "nuestro catálogo", "nuestros precios", "fabricamos", "suministramos", "nossos produtos", "nosso catálogo", "fabricamos", "fornecemos", "i nostri prodotti", "il nostro catalogo", "produciamo", "forniamo",
        "onze producten", "onze diensten", "onze catalogus", "nasze produkty", "nasza oferta", "naszą ofertę", "naszej oferty", "produkujemy", "nasze usługi", "oferujemy", "наша продукция", "наши цены", "наш каталог", "производим", "поставляем", "ставка от", "по вашему запросу", "ürünlerimiz", "kataloğumuz", "üretiyoruz", "üretmekteyiz", "firmanıza", "uygun fiyatlarla", "我们的产品", "我司产品", "本公司产品", "主要产品", "优惠价", "特价", "欢迎咨询", "弊社製品", "弊社商品", "당사 제품", "저희 제품", "특가", "sản phẩm của chúng tôi", "chúng tôi cung cấp", "chúng tôi sản xuất", "منتجاتنا", "خدماتنا", "نقدم لكم"]),
    (Selling, 2, &["per month do you ship", "containers do you ship", "how many containers do you", "do you need freight", "freight quote", "shipping rate", "ocean freight from", "air freight from", "door to door", "customs clearance service", "booths left", "booth is usd", "exhibit at", "reserve your booth", "book your booth", "stand space", "sponsorship", "our clients include", "free audit", "free trial", "demo call", "book a call", "15 minutes", "audit services", "certification services", "testing services", "third party inspection", "sourcing agent", "translation services", "your listing", "traffic to your", "first page", "rank your", "social media",
        "unterbreiten wir ihnen", "unterbreiten ihnen", "wann passt ihnen", "kurzes telefonat", "nous vendons", "base de données de", "nous vous proposons", "notre société propose", "vendemos", "le ofrecemos", "les ofrecemos", "ponemos a su disposición", "vendiamo", "vi proponiamo", "wij verkopen u", "chcielibyśmy zaoferować", "oferta współpracy", "предлагаем доставку", "предлагаем услуги", "таможенное оформление", "готовы рассчитать", "готовы предложить", "готовы поставить", "tedarik etmek isteriz", "kataloğumuzu gönder", "hizmet vermekteyiz", "国际物流", "国际快递", "整柜拼箱", "拼箱", "报关", "清关", "展位预订", "参展", "代运营", "建站", "海外推广", "外贸建站", "社媒", "贷款", "开票", "猎头", "招聘服务", "輸送サービス", "通関", "물류", "통관", "운송 견적", "dịch vụ vận chuyển", "cước biển", "خدمات الشحن", "التخليص الجمركي"]),
    (Selling, 5, &["database of", "list of importers", "list of buyers", "importer list", "buyer leads", "importers database", "contact list of", "base de données de", "base de datos de", "banco de dados de importadores", "базу импортеров", "база импортёров", "买家数据", "采购商数据", "海关数据"]),
    (Buying, 2, &["please quote", "pls quote", "kindly quote", "your best price", "your price", "your catalog", "your catalogue", "your product", "your products", "price list please", "send me price", "send us price", "we need", "i need", "we want to buy", "i want to buy", "want to buy", "want to order", "like to order",
        "we are looking for", "i am looking for", "looking for a supplier", "looking for supplier", "looking for new", "interested in your", "we are interested", "i am interested", "importer", "wholesaler", "distributor", "retailer", "we import", "we purchase", "purchase order", "how much", "proforma", "price for", "quotation for", "request for quotation",
        "rfq", "can you produce", "can you make", "do you sell", "your moq", "we run a", "i have a shop", "i have shop", "our customers", "please offer", "send us your", "send your", "your company profile",
        "请报价", "請報價", "报个价", "求购", "采购", "採購", "询价", "詢價", "贵司的产品", "贵公司的产品", "目录", "目錄", "价格表", "詢盤", "发注", "発注", "見積", "견적", "카탈로그", "구매", "прайс", "коммерческое предложение на", "нужны", "нам нужн", "интересует", "заказ", "wir benötigen", "wir suchen", "bitte senden sie uns", "angebot über", "katalog",
        "we buy", "we would like to import", "looking for suppliers", "我们需要", "想购买", "想采购", "寻找供应商", "購入", "구입", "ищем поставщика", "хотим купить", "szukamy dostawcy", "poszukujemy", "arıyoruz", "satın almak", "cerchiamo", "siamo interessati", "procuramos", "estamos interesados", "queremos comprar", "wij zoeken", "chúng tôi cần", "muốn mua", "نبحث عن", "نرغب في شراء", "nous cherchons", "nous recherchons", "votre catalogue", "vos prix", "devis", "cotización", "cotizar", "necesitamos", "buscamos", "su catálogo", "cotação", "precisamos", "orçamento", "vostro catalogo", "preventivo", "vostri", "offerte", "fiyat", "katalog", "báo giá", "كتالوج", "نريد", "عرض سعر", "zamówienie", "proszę o", "prijs"]),
    (Circular, 2, &["unsubscribe", "view in browser", "view this email in your browser", "view online", "manage preferences", "update preferences", "email preferences", "you receive this because", "you are receiving this", "you received this email because", "to stop receiving", "no longer wish to receive", "this newsletter",
        "退订", "退訂", "取消订阅", "电子报", "電子報", "周报", "月刊", "各会员单位", "dear readers", "dear members", "all member companies", "all members are", "members are requested", "this circular", "weekly newsletter", "monthly newsletter", "our newsletter", "liebe leser", "chers lecteurs", "estimados lectores", "keinen newsletter", "hier abmelden", "vom verteiler", "newsletter abbestellen", "vom newsletter abmelden", "se désabonner", "darse de baja", "cancelar suscripción", "отписаться", "配信停止", "수신거부", "abonelikten", "disiscriviti", "uitschrijven"]),
    (Cheating(AdvanceFee), 1, &["selected to supply", "awarded a contract", "awards your company", "award your company", "contract value", "payable 100% in advance", "payment 100% in advance", "100% advance payment after", "beneficiary", "next of kin", "inheritance", "lottery", "unclaimed", "consignment box", "diplomat",
        "we hold usd", "western union", "moneygram", "ministère", "ministerio de", "ministério", "министерство", "100 % à la commande", "100% à la commande", "100% anticipado", "100% antecipado", "est retenue pour", "ha sido seleccionad", "foi selecionada", "ministry of", "government contract", "relief operation", "procurement committee", "barrister", "barr.", "fund release", "released to you", "release the fund", "release of the first payment", "to release it", "compensation fund", "vendor onboarding", "be onboarded"]),
    (Cheating(AdvanceFee), 2, &["registration fee", "attorney fee", "legal fee of", "vendor compliance deposit", "compliance deposit", "tender fee", "clearance certificate", "anti-terrorist", "processing fee of", "transfer fee of", "notary fee", "frais de dossier", "frais d'enregistrement", "frais d'inscription", "gastos de registro", "gastos de tramitación", "tasa de registro", "taxa de registro", "taxa de inscrição", "registrierungsgebühr", "bearbeitungsgebühr vorab", "регистрационный взнос", "регистрационный сбор", "spese di registrazione", "注册费", "公证费", "标书费", "keşif bedeli", "رسوم التسجيل", "contract registration", "bid form fee", "vendor registration fee"]),
    (Cheating(Phishing), 1, &["password", "пароль", "contraseña", "passwort", "mot de passe", "senha", "密码", "密碼", "mailbox", "your account", "log in", "login", "webmail", "邮箱", "почтовый ящик", "expires today", "expire today", "will be deactivated", "will be suspended", "will be deleted", "будут удалены", "incoming messages", "pending messages", "helpdesk", "it support"]),
    (Cheating(Phishing), 2, &["password expires", "password will expire", "keep your password", "keep same password", "verify your account", "verify your mailbox", "verify your email", "confirm your password", "mailbox is full", "mailbox is almost full", "storage is full", "upgrade your mailbox", "e-mail password", "email password", "re-validate", "unusual sign-in",
        "подтвердите пароль", "ящик заполнен", "ящик переполнен", "邮箱升级", "邮箱将被停用", "邮箱异常", "验证您的邮箱", "密码即将过期", "密码过期", "verifique su cuenta", "vérifiez votre compte", "bestätigen sie ihr konto", "confirme sua senha"]),
    (Cheating(Overpayment), 1, &["western union", "moneygram", "money gram", "credit card", "shipping agent", "my shipper", "private shipper", "does not accept card", "for your trouble", "transfer it to him", "cashier's check", "certified check", "refund the balance", "excess"]),
    (Cheating(BankChange), 2, &["bank account has changed", "bank account has been changed", "changed our bank", "changed the bank", "change of bank", "new bank details", "new bank account", "new banking details", "updated bank details", "update our bank", "bank details have changed", "bank details changed", "account has been changed", "our old account", "old account is closed",
        "account is under audit", "different bank account", "alternative bank account", "do not pay to the old", "new beneficiary", "different beneficiary", "another beneficiary", "beneficiary account has", "new account below", "following new account", "to our new account", "our new account", "our account changed", "our account is frozen", "account is blocked", "account is on hold", "change of account", "change in bank", "change in our bank", "change of our bank", "变更收款", "收款账户变更", "收款账号变更", "收款人变更", "账户冻结", "基本户", "汇至以下新", "新账户", "新的收款", "變更收款", "新帳戶", "änderung unserer bankverbindung", "änderung der bankverbindung", "bisheriges konto", "neues konto", "neuen konto", "neue kontoverbindung", "unser konto hat sich", "changement de compte", "changement de coordonnées bancaires", "nouveau compte bancaire", "nouveau rib", "cambio de cuenta", "cambio de datos bancarios", "nueva cuenta", "nuestra cuenta ha cambiado", "mudança de conta", "nossa conta mudou", "nova conta", "novos dados bancários", "alteração de conta", "nuovo conto", "nuovo iban", "cambio iban", "новый счет", "новый счёт", "смене реквизитов", "смена банковских", "новым реквизитам", "nowe konto", "nowy numer konta", "zmiana konta", "zmiana rachunku", "yeni hesab", "banka hesabımız değiş", "hesap değişikliği", "nieuw rekeningnummer", "nieuwe bankrekening", "振込先変更", "振込口座の変更", "新しい口座", "계좌 변경", "계좌가 변경", "새 계좌", "تغيير الحساب", "حسابنا الجديد", "tài khoản mới", "thay đổi tài khoản", "银行账户变更", "银行账号变更", "账户已变更", "更换银行", "新的银行账户", "neue bankverbindung", "bankverbindung hat sich", "nouvelles coordonnées bancaires", "changement de rib", "nueva cuenta bancaria", "cambio de cuenta bancaria", "nova conta bancária", "nuove coordinate bancarie",
        "новые банковские реквизиты", "реквизиты изменились", "смена реквизитов"]),
    (Cheating(DomainRegistration), 1, &["domain registration", "domain names", "domain name", "internet keyword", "brand name registration", "trademark", "application from", "to register", "域名注册"]),
    (Cheating(DomainRegistration), 2, &["internet keyword", "asian domain", "domain registration service", "keyword and domain"]),
    (Cheating(InvitationLetter), 1, &["invitation letter", "letter of invitation", "invitation letters", "chinese visa", "china visa", "visa application", "for visa", "visit your factory with", "passport"]),
    (Cheating(Investment), 1, &["investor", "investment", "crypto", "bitcoin", "million dollar", "i like you", "like you.", "your profile", "saw your profile", "loan", "interest rate", "claim your prize", "widow", "soldier", "trading platform", "forex", "make money", "hello dear"]),
    (Cheating(ExecutiveOrder), 1, &["are you at your desk", "are you available", "confidential", "can't talk", "in a meeting", "beneficiary details", "balance of the", "wire transfer", "gift card", "gift cards", "process a payment", "urgent payment", "keep this between us", "acquisition"]),
    (Cheating(ParcelFee), 1, &["parcel", "package", "shipment", "on hold", "customs", "duty", "redelivery", "within 24 hours", "within 48 hours", "unpaid", "tracking", "pay the"]),
    (Cheating(ParcelFee), 1, &["parcel is on hold", "package is on hold", "shipment on hold", "delivery fee", "customs duty of", "pay the usd", "abra o anexo", "anexo com a senha", "protesto", "overdue invoice attached"]),
];

static AUTOMATON: LazyLock<(AhoCorasick, Vec<(Sense, i32)>)> = LazyLock::new(|| {
    let entries: Vec<_> = PHRASES
        .iter()
        .flat_map(|(sense, weight, phrases)| phrases.iter().map(move |p| (*p, *sense, *weight)))
        .collect();
    // Overlapping phrases of different senses all count, so that no order of the table decides.
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(entries.iter().map(|(phrase, ..)| crate::text::normalise(phrase)))
        .expect("fixed phrases compile");
    (automaton, entries.into_iter().map(|(_, sense, weight)| (sense, weight)).collect())
});

/// The phrases found, each once.
#[derive(Debug, Default)]
pub(super) struct Words {
    found: Vec<(Sense, i32, String)>,
}

const MAX_FOUND: usize = 200;

/// Reads normalised text.
pub(super) fn read(normalised: &str) -> Words {
    let (automaton, senses) = &*AUTOMATON;
    let mut words = Words::default();
    let mut seen = vec![false; senses.len()];
    for hit in automaton.find_overlapping_iter(normalised) {
        let id = hit.pattern().as_usize();
        if seen[id] || words.found.len() == MAX_FOUND || !at_word_edges(normalised, hit.start(), hit.end()) {
            continue;
        }
        let (sense, weight) = senses[id];
        // Who asks whether our account has changed does the right thing.
        if sense == Cheating(BankChange) && is_asked(normalised, hit.end()) {
            continue;
        }
        seen[id] = true;
        words.found.push((sense, weight, normalised[hit.span()].to_owned()));
    }
    words
}

/// The sentence that goes on at `from` is a question.
fn is_asked(text: &str, from: usize) -> bool {
    let end = text[from..].find(['.', '?', '!', '。', '？', '\n']).map(|at| &text[from + at..]);
    end.is_some_and(|end| end.starts_with(['?', '？']))
}

/// ASCII phrases stand between word edges; other scripts are written without.
fn at_word_edges(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let word = |at: Option<&u8>| at.is_some_and(|b| b.is_ascii_alphanumeric());
    let before = word(start.checked_sub(1).and_then(|s| bytes.get(s))) && bytes[start].is_ascii_alphanumeric();
    // A plural or an inflection may follow.
    let after = bytes[end - 1].is_ascii_alphanumeric()
        && word(bytes.get(end))
        && !text[end..].starts_with(['s', 'e', 'n', 'r']);
    !before && !after
}

impl Words {
    /// The summed weight of a sense.
    pub fn weight(&self, sense: Sense) -> i32 {
        self.found.iter().filter(|(s, ..)| *s == sense).map(|(_, weight, _)| weight).sum()
    }

    /// The phrases of a sense, as evidence.
    pub fn evidence(&self, sense: Sense) -> String {
        let phrases: Vec<&str> =
            self.found.iter().filter(|(s, ..)| *s == sense).map(|(.., p)| p.as_str()).take(3).collect();
        phrases.join(", ")
    }

    /// The frauds that the words give away, with what gave them away.
    pub fn frauds(&self, has_link: bool) -> Vec<(Fraud, String)> {
        const NEEDED: &[(Fraud, i32)] = &[
            (AdvanceFee, 3),
            (Phishing, 3),
            (Overpayment, 3),
            (BankChange, 2),
            (DomainRegistration, 4),
            (InvitationLetter, 2),
            (Investment, 3),
            (ExecutiveOrder, 3),
            (ParcelFee, 4),
        ];
        let enough = |fraud: Fraud, needed: i32| {
            let link_matters = matches!(fraud, Phishing | ParcelFee);
            self.weight(Sense::Cheating(fraud)) >= needed && (!link_matters || has_link)
        };
        NEEDED.iter().filter(|(f, n)| enough(*f, *n)).map(|(f, _)| (*f, self.evidence(Sense::Cheating(*f)))).collect()
    }
}
