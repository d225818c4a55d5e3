{# An address as people write it, made comparable: half width, no blanks and no remarks in brackets,
   one dash, simplified forms of the usual traditional characters. #}
{% macro comparable_address(text) -%}
    regexp_replace(
        translate(
            upper({{ text }}),
            '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ（）－–—―−﹣~～號區鎮鄉縣街莊樓棟單',
            '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ()--------号区镇乡县街庄楼栋单'
        ),
        '[\s　,，。.;；:：]+|\([^)]*\)', '', 'g'
    )
{%- endmacro %}

{# A number in digits or in Chinese numerals up to 999 as digits without leading zeros; '' when it
   can be read in two ways (一百五). #}
{% macro digits_of(numeral) -%}
    case
        when regexp_full_match({{ numeral }}, '[0-9]+') then ltrim({{ numeral }}, '0')
        when regexp_full_match({{ numeral }}, '[一二三四五六七八九〇零]+')
            then ltrim(translate({{ numeral }}, '一二三四五六七八九〇零', '12345678900'), '0')
        when
            regexp_full_match(
                {{ numeral }},
                '([一二三四五六七八九两]百)?([零〇][一二三四五六七八九]|[一二三四五六七八九]?十[一二三四五六七八九]?)?'
            )
            and {{ numeral }} <> ''
            then ltrim(
                {{ numeral_digit(numeral, '([一二三四五六七八九两])百') }}
                || case
                    when contains({{ numeral }}, '十')
                        then coalesce(
                            nullif({{ numeral_digit(numeral, '([一二三四五六七八九])十') }}, '0'), '1'
                        )
                    else '0'
                end
                || {{ numeral_digit(numeral, '[十零〇]([一二三四五六七八九])$') }},
                '0'
            )
        else ''
    end
{%- endmacro %}

{% macro numeral_digit(numeral, pattern) -%}
    coalesce(
        nullif(
            translate(regexp_extract({{ numeral }}, '{{ pattern }}', 1), '一二三四五六七八九两', '1234567892'),
            ''
        ),
        '0'
    )
{%- endmacro %}

{# The parts of `十二号`, `甲12-1号`, `12号附3`; `3号楼` is a building and no house number. #}
{% macro house_pattern() -%}
([甲乙丙丁]?)([0-9]+|[一二三四五六七八九十百零〇两]+)(?:[-之]([0-9]+))?号(?:附([0-9]+))?(.?)
{%- endmacro %}

{# One form of a house number from the five parts that house_pattern finds. #}
{% macro house_number_of(parts) -%}
    case
        when {{ parts }}['after'] <> '楼' and {{ digits_of(parts ~ "['main']") }} <> ''
            then
                {{ parts }}['prefix'] || {{ digits_of(parts ~ "['main']") }}
                || coalesce('-' || nullif(ltrim({{ parts }}['branch'], '0'), ''), '')
                || coalesce('附' || nullif(ltrim({{ parts }}['annex'], '0'), ''), '')
    end
{%- endmacro %}

{# The distinctive part of a township's or village's name: without the word for its kind, which
   changes between lists and writers (街道办事处, 街道; 村委会, 村). #}
{% macro township_parts(text) -%}
    regexp_extract(
        {{ text }}, '^(.{1,5}?)(街道办事处|街道办|街道|办事处|镇|乡)', ['base', 'kind']
    )
{%- endmacro %}

{% macro village_parts(text) -%}
    regexp_extract(
        {{ text }},
        '^(.{1,8}?)(社区居民委员会|社区居委会|社区|村民委员会|村委会|居民委员会|居委会|村)',
        ['base', 'kind']
    )
{%- endmacro %}

{# A street and all its names' kinds; its stretch (北段) is no part of the name. #}
{% macro street_pattern() -%}
([^0-9号]{1,12}(?:大道|路|街|巷|道|弄|胡同))
{%- endmacro %}

{# An address and the division stated beside it, and the same pair among the matched texts. #}
{% macro same_address(stated, matches) -%}
    {{ stated }}.address = {{ matches }}.address
    and coalesce({{ stated }}.division_code, '') = {{ matches }}.stated_division_code
{%- endmacro %}

{# A village and a community of one name are two: 村 or 社 stays with the distinctive part. #}
{% macro village_key(parts) -%}
    {{ parts }}['base'] || translate({{ parts }}['kind'][1:1], '居', '社')
{%- endmacro %}
