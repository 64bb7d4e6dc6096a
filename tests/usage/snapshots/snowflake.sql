-- question 1, of a log of a team's own
SELECT
  "t6"."_reason",
  COUNT(*) AS "rows",
  COUNT("t6"."ts") AS "ts",
  COUNT("t6"."bucket_seconds") AS "bucket_seconds",
  COUNT("t6"."requests") AS "requests",
  COUNT("t6"."provider") AS "provider",
  COUNT("t6"."model") AS "model",
  COUNT("t6"."input_tokens") AS "input_tokens",
  COUNT("t6"."cache_read_tokens") AS "cache_read_tokens",
  COUNT("t6"."cache_write_tokens") AS "cache_write_tokens",
  COUNT("t6"."output_tokens") AS "output_tokens",
  COUNT("t6"."output_reasoning_tokens") AS "output_reasoning_tokens",
  COUNT("t6"."cost") AS "cost",
  COUNT("t6"."currency") AS "currency",
  COUNT("t6"."cost_kind") AS "cost_kind",
  COUNT("t6"."batch") AS "batch",
  COUNT("t6"."latency_ms") AS "latency_ms",
  COUNT("t6"."ttft_ms") AS "ttft_ms",
  COUNT("t6"."ok") AS "ok",
  COUNT("t6"."served_from_response_cache") AS "served_from_response_cache",
  COUNT("t6"."request_id") AS "request_id",
  COUNT("t6"."prompt_hash") AS "prompt_hash",
  COUNT("t6"."prefix_hash") AS "prefix_hash",
  COUNT("t6"."block_hashes") AS "block_hashes",
  COUNT("t6"."block_tokens") AS "block_tokens",
  COUNT("t6"."key_hash") AS "key_hash",
  COUNT("t6"."use_case") AS "use_case",
  SUM(CAST("t6"."_by_total" AS BIGINT)) AS "_by_total",
  SUM(CAST("t6"."_unlike" AS BIGINT)) AS "_unlike",
  SUM(CAST("t6"."_scaled" AS BIGINT)) AS "_scaled",
  SUM(CAST("t6"."_rounded" AS BIGINT)) AS "_rounded"
FROM (
  SELECT
    "t5".*
    EXCLUDE ("_faulty")
  FROM (
    SELECT
      "t4"."_file",
      "t4"."ts",
      "t4"."bucket_seconds",
      "t4"."requests",
      "t4"."provider",
      "t4"."model",
      "t4"."input_tokens",
      "t4"."cache_read_tokens",
      "t4"."cache_write_tokens",
      "t4"."output_tokens",
      "t4"."output_reasoning_tokens",
      "t4"."cost",
      "t4"."currency",
      "t4"."cost_kind",
      "t4"."batch",
      IFF("t4"."latency_ms" >= 0, "t4"."latency_ms", CAST(NULL AS DOUBLE)) AS "latency_ms",
      IFF("t4"."ttft_ms" >= 0, "t4"."ttft_ms", CAST(NULL AS DOUBLE)) AS "ttft_ms",
      "t4"."ok",
      COALESCE("t4"."served_from_response_cache", FALSE) AS "served_from_response_cache",
      "t4"."request_id",
      "t4"."prompt_hash",
      "t4"."prefix_hash",
      "t4"."block_hashes",
      "t4"."block_tokens",
      "t4"."key_hash",
      "t4"."use_case",
      "t4"."_by_total",
      "t4"."_unlike",
      "t4"."_scaled",
      "t4"."_rounded",
      "t4"."_faulty",
      COALESCE(
        "t4"."_faulty",
        CASE
          WHEN (
            "t4"."ts" IS NULL
          ) OR NOT (
            COALESCE("t4"."bucket_seconds" >= 0, FALSE)
          )
          THEN 'time_unreadable'
          WHEN (
            "t4"."input_tokens" IS NULL
          )
          AND (
            "t4"."output_tokens" IS NULL
          )
          AND (
            "t4"."cost" IS NULL
          )
          AND COALESCE("t4"."ok", TRUE)
          THEN 'no_tokens'
          WHEN (
            COALESCE("t4"."cache_read_tokens", 0) + COALESCE("t4"."cache_write_tokens", 0)
          ) > "t4"."input_tokens"
          THEN 'parts_above_total'
          WHEN "t4"."output_reasoning_tokens" > "t4"."output_tokens"
          THEN 'parts_above_total'
          ELSE CAST(NULL AS VARCHAR)
        END
      ) AS "_reason"
    FROM (
      SELECT
        "t3"."_file",
        "t3"."ts__time" AS "ts",
        CAST(0 AS BIGINT) AS "bucket_seconds",
        CAST(1 AS BIGINT) AS "requests",
        'openai' AS "provider",
        "t3"."model__text" AS "model",
        "t3"."input_tokens__whole" AS "input_tokens",
        "t3"."cache_read_tokens__whole" AS "cache_read_tokens",
        CAST(NULL AS BIGINT) AS "cache_write_tokens",
        "t3"."output_tokens__whole" AS "output_tokens",
        "t3"."output_reasoning_tokens__whole" AS "output_reasoning_tokens",
        "t3"."cost__signed" AS "cost",
        'USD' AS "currency",
        'billed' AS "cost_kind",
        CAST(NULL AS BOOLEAN) AS "batch",
        "t3"."latency_ms__number" AS "latency_ms",
        CAST(NULL AS DOUBLE) AS "ttft_ms",
        CAST(NULL AS BOOLEAN) AS "ok",
        CAST(NULL AS BOOLEAN) AS "served_from_response_cache",
        "t3"."request_id__text" AS "request_id",
        "t3"."prompt_hash__text" AS "prompt_hash",
        SUBSTRING(
          LOWER(
            SHA2(
              CONCAT(
                '63479ad69a090b258277ec8fba6f99419a2ffb248981510657c944ccd1148e97',
                "t3"."prefix__text"
              ),
              256
            )
          ),
          IFF(
            (
              0 + 1
            ) >= 1,
            0 + 1,
            0 + 1 + LENGTH(
              LOWER(
                SHA2(
                  CONCAT(
                    '63479ad69a090b258277ec8fba6f99419a2ffb248981510657c944ccd1148e97',
                    "t3"."prefix__text"
                  ),
                  256
                )
              )
            )
          ),
          16
        ) AS "prefix_hash",
        CAST(NULL AS ARRAY) AS "block_hashes",
        CAST(NULL AS BIGINT) AS "block_tokens",
        SUBSTRING(
          LOWER(
            SHA2(
              CONCAT(
                '63479ad69a090b258277ec8fba6f99419a2ffb248981510657c944ccd1148e97',
                "t3"."key__text"
              ),
              256
            )
          ),
          IFF(
            (
              0 + 1
            ) >= 1,
            0 + 1,
            0 + 1 + LENGTH(
              LOWER(
                SHA2(
                  CONCAT(
                    '63479ad69a090b258277ec8fba6f99419a2ffb248981510657c944ccd1148e97',
                    "t3"."key__text"
                  ),
                  256
                )
              )
            )
          ),
          16
        ) AS "key_hash",
        "t3"."use_case__text" AS "use_case",
        FALSE AS "_by_total",
        FALSE AS "_unlike",
        FALSE AS "_scaled",
        FALSE AS "_rounded",
        COALESCE(
          CAST(NULL AS VARCHAR),
          "t3"."ts__time__fault",
          "t3"."input_tokens__whole__fault",
          "t3"."cache_read_tokens__whole__fault",
          "t3"."output_tokens__whole__fault",
          "t3"."output_reasoning_tokens__whole__fault",
          "t3"."cost__signed__fault",
          "t3"."latency_ms__number__fault",
          CAST(NULL AS VARCHAR)
        ) AS "_faulty"
      FROM (
        SELECT
          "t2"."ts",
          "t2"."model",
          "t2"."request_id",
          "t2"."use_case",
          "t2"."key",
          "t2"."input_tokens",
          "t2"."output_tokens",
          "t2"."cache_read_tokens",
          "t2"."output_reasoning_tokens",
          "t2"."prompt_hash",
          "t2"."cost",
          "t2"."latency_ms",
          "t2"."prefix",
          "t2"."_native",
          "t2"."_file",
          "t2"."cost__amount",
          "t2"."latency_ms__amount",
          "t2"."cache_read_tokens__count",
          "t2"."input_tokens__count",
          "t2"."output_reasoning_tokens__count",
          "t2"."output_tokens__count",
          "t2"."ts__moment",
          IFF(
            (
              "t2"."ts__moment" >= TIMESTAMP_FROM_PARTS(2000, 1, 1, 0, 0, 0, 0)
            )
            AND (
              "t2"."ts__moment" < TIMESTAMP_FROM_PARTS(2100, 1, 1, 0, 0, 0, 0)
            ),
            "t2"."ts__moment",
            CAST(NULL AS TIMESTAMP)
          ) AS "ts__time",
          "t2"."model" AS "model__text",
          "t2"."input_tokens" AS "input_tokens__whole",
          "t2"."cache_read_tokens" AS "cache_read_tokens__whole",
          "t2"."output_tokens" AS "output_tokens__whole",
          CAST(IFF(
            (
              "t2"."output_reasoning_tokens__count" = CAST(CAST("t2"."output_reasoning_tokens__count" AS BIGINT) AS DOUBLE)
            )
            AND (
              ABS("t2"."output_reasoning_tokens__count") <= 1000000000000.0
            ),
            "t2"."output_reasoning_tokens__count",
            CAST(NULL AS DOUBLE)
          ) AS BIGINT) AS "output_reasoning_tokens__whole",
          IFF(
            ABS("t2"."cost__amount") <= 1000000000000.0,
            "t2"."cost__amount",
            CAST(NULL AS DOUBLE)
          ) AS "cost__signed",
          IFF(
            ABS("t2"."latency_ms__amount") <= 1000000000000.0,
            "t2"."latency_ms__amount",
            CAST(NULL AS DOUBLE)
          ) AS "latency_ms__number",
          "t2"."request_id" AS "request_id__text",
          "t2"."prompt_hash" AS "prompt_hash__text",
          "t2"."use_case" AS "use_case__text",
          "t2"."key" AS "key__text",
          "t2"."prefix" AS "prefix__text",
          CASE
            WHEN "t2"."ts" IS NULL
            THEN 'no_time'
            WHEN NOT (
              COALESCE(
                (
                  "t2"."ts__moment" >= TIMESTAMP_FROM_PARTS(2000, 1, 1, 0, 0, 0, 0)
                )
                AND (
                  "t2"."ts__moment" < TIMESTAMP_FROM_PARTS(2100, 1, 1, 0, 0, 0, 0)
                ),
                FALSE
              )
            )
            THEN 'time_unreadable'
            ELSE CAST(NULL AS VARCHAR)
          END AS "ts__time__fault",
          CASE
            WHEN "t2"."input_tokens" < 0
            THEN 'negative'
            WHEN "t2"."input_tokens" > 1000000000000
            THEN 'too_large'
            ELSE CAST(NULL AS VARCHAR)
          END AS "input_tokens__whole__fault",
          CASE
            WHEN "t2"."cache_read_tokens" < 0
            THEN 'negative'
            WHEN "t2"."cache_read_tokens" > 1000000000000
            THEN 'too_large'
            ELSE CAST(NULL AS VARCHAR)
          END AS "cache_read_tokens__whole__fault",
          CASE
            WHEN "t2"."output_tokens" < 0
            THEN 'negative'
            WHEN "t2"."output_tokens" > 1000000000000
            THEN 'too_large'
            ELSE CAST(NULL AS VARCHAR)
          END AS "output_tokens__whole__fault",
          CASE
            WHEN (
              "t2"."output_reasoning_tokens" IS NULL
            )
            OR COALESCE(
              (
                "t2"."output_reasoning_tokens__count" = CAST(CAST("t2"."output_reasoning_tokens__count" AS BIGINT) AS DOUBLE)
              )
              AND (
                ABS("t2"."output_reasoning_tokens__count") <= 1000000000000.0
              )
              AND (
                "t2"."output_reasoning_tokens__count" >= 0
              ),
              FALSE
            )
            THEN CAST(NULL AS VARCHAR)
            WHEN NOT (
              COALESCE(
                (
                  "t2"."output_reasoning_tokens__count" IS NOT NULL
                )
                AND NOT (
                  (
                    "t2"."output_reasoning_tokens__count" = CAST('NaN' AS DOUBLE)
                  )
                  OR "t2"."output_reasoning_tokens__count" IN (CAST('Inf' AS DOUBLE), CAST('-Inf' AS DOUBLE))
                )
                AND (
                  "t2"."output_reasoning_tokens__count" = CAST(CAST("t2"."output_reasoning_tokens__count" AS BIGINT) AS DOUBLE)
                ),
                FALSE
              )
            )
            THEN 'number_unreadable'
            WHEN (
              "t2"."output_reasoning_tokens__count" < 0
            ) AND TRUE
            THEN 'negative'
            WHEN ABS("t2"."output_reasoning_tokens__count") > 1000000000000.0
            THEN 'too_large'
            ELSE CAST(NULL AS VARCHAR)
          END AS "output_reasoning_tokens__whole__fault",
          CASE
            WHEN (
              "t2"."cost" IS NULL
            )
            OR COALESCE(ABS("t2"."cost__amount") <= 1000000000000.0, FALSE)
            THEN CAST(NULL AS VARCHAR)
            WHEN NOT (
              COALESCE(
                (
                  "t2"."cost__amount" IS NOT NULL
                )
                AND NOT (
                  (
                    "t2"."cost__amount" = CAST('NaN' AS DOUBLE)
                  )
                  OR "t2"."cost__amount" IN (CAST('Inf' AS DOUBLE), CAST('-Inf' AS DOUBLE))
                ),
                FALSE
              )
            )
            THEN 'number_unreadable'
            WHEN (
              "t2"."cost__amount" < 0
            ) AND FALSE
            THEN 'negative'
            WHEN ABS("t2"."cost__amount") > 1000000000000.0
            THEN 'too_large'
            ELSE CAST(NULL AS VARCHAR)
          END AS "cost__signed__fault",
          CASE
            WHEN (
              "t2"."latency_ms" IS NULL
            )
            OR COALESCE(
              (
                ABS("t2"."latency_ms__amount") <= 1000000000000.0
              )
              AND (
                "t2"."latency_ms__amount" >= 0
              ),
              FALSE
            )
            THEN CAST(NULL AS VARCHAR)
            WHEN NOT (
              COALESCE(
                (
                  "t2"."latency_ms__amount" IS NOT NULL
                )
                AND NOT (
                  (
                    "t2"."latency_ms__amount" = CAST('NaN' AS DOUBLE)
                  )
                  OR "t2"."latency_ms__amount" IN (CAST('Inf' AS DOUBLE), CAST('-Inf' AS DOUBLE))
                ),
                FALSE
              )
            )
            THEN 'number_unreadable'
            WHEN (
              "t2"."latency_ms__amount" < 0
            ) AND TRUE
            THEN 'negative'
            WHEN ABS("t2"."latency_ms__amount") > 1000000000000.0
            THEN 'too_large'
            ELSE CAST(NULL AS VARCHAR)
          END AS "latency_ms__number__fault"
        FROM (
          SELECT
            "t1"."ts",
            "t1"."model",
            "t1"."request_id",
            "t1"."use_case",
            "t1"."key",
            "t1"."input_tokens",
            "t1"."output_tokens",
            "t1"."cache_read_tokens",
            "t1"."output_reasoning_tokens",
            "t1"."prompt_hash",
            "t1"."cost",
            "t1"."latency_ms",
            "t1"."prefix",
            "t1"."_native",
            "t1"."_file",
            "t1"."cost" AS "cost__amount",
            "t1"."latency_ms" AS "latency_ms__amount",
            CAST("t1"."cache_read_tokens" AS DOUBLE) AS "cache_read_tokens__count",
            CAST("t1"."input_tokens" AS DOUBLE) AS "input_tokens__count",
            IFF(
              COALESCE(
                CAST(CAST("t1"."output_reasoning_tokens" AS BIGINT) AS VARCHAR) = "t1"."output_reasoning_tokens",
                FALSE
              ),
              CAST(CAST("t1"."output_reasoning_tokens" AS BIGINT) AS DOUBLE),
              CAST(IFF(
                REGEXP_LIKE(
                  IFF(
                    REGEXP_LIKE(
                      "t1"."output_reasoning_tokens",
                      CONCAT('.*', '^[+-]?[1-9]\\d{0,2}\\.000$', '.*'),
                      'cs'
                    ),
                    '',
                    "t1"."output_reasoning_tokens"
                  ),
                  CONCAT('.*', '^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?$', '.*'),
                  'cs'
                ),
                IFF(
                  REGEXP_LIKE(
                    "t1"."output_reasoning_tokens",
                    CONCAT('.*', '^[+-]?[1-9]\\d{0,2}\\.000$', '.*'),
                    'cs'
                  ),
                  '',
                  "t1"."output_reasoning_tokens"
                ),
                IFF(
                  REGEXP_LIKE(
                    IFF(
                      REGEXP_LIKE(
                        "t1"."output_reasoning_tokens",
                        CONCAT('.*', '^[+-]?[1-9]\\d{0,2}\\.000$', '.*'),
                        'cs'
                      ),
                      '',
                      "t1"."output_reasoning_tokens"
                    ),
                    CONCAT('.*', '^[+-]?\\d{1,3}(,\\d{3})+$', '.*'),
                    'cs'
                  ),
                  REPLACE(
                    IFF(
                      REGEXP_LIKE(
                        "t1"."output_reasoning_tokens",
                        CONCAT('.*', '^[+-]?[1-9]\\d{0,2}\\.000$', '.*'),
                        'cs'
                      ),
                      '',
                      "t1"."output_reasoning_tokens"
                    ),
                    ',',
                    ''
                  ),
                  NULL
                )
              ) AS DOUBLE)
            ) AS "output_reasoning_tokens__count",
            CAST("t1"."output_tokens" AS DOUBLE) AS "output_tokens__count",
            "t1"."ts" AS "ts__moment"
          FROM (
            SELECT
              CAST(CONVERT_TIMEZONE('UTC', "t0"."called_at") AS TIMESTAMP) AS "ts",
              NULLIF("t0"."model", '') AS "model",
              NULLIF("t0"."request_id", '') AS "request_id",
              NULLIF("t0"."team", '') AS "use_case",
              NULLIF("t0"."api_key", '') AS "key",
              "t0"."prompt_tokens" AS "input_tokens",
              "t0"."completion_tokens" AS "output_tokens",
              "t0"."cached_tokens" AS "cache_read_tokens",
              JSON_EXTRACT_PATH_TEXT("t0"."details", 'usage.reasoning_tokens') AS "output_reasoning_tokens",
              NULLIF("t0"."prompt_hash", '') AS "prompt_hash",
              CAST("t0"."cost" AS DOUBLE) AS "cost",
              "t0"."took_ms" AS "latency_ms",
              NULLIF("t0"."system_prompt", '') AS "prefix",
              TRUE AS "_native",
              '' AS "_file"
            FROM "calls" AS "t0"
          ) AS "t1"
        ) AS "t2"
      ) AS "t3"
    ) AS "t4"
  ) AS "t5"
) AS "t6"
GROUP BY
  1;

-- question 2, of a log of a team's own
SELECT
  SUM("t9"."n" - 1) AS "more"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t7"."request_id",
      COUNT(*) AS "n"
    FROM (
      SELECT
        "t6"."ts",
        "t6"."bucket_seconds",
        "t6"."requests",
        "t6"."provider",
        "t6"."model",
        "t6"."input_tokens",
        "t6"."cache_read_tokens",
        CAST(NULL AS BIGINT) AS "cache_write_tokens",
        "t6"."output_tokens",
        "t6"."output_reasoning_tokens",
        "t6"."cost",
        "t6"."currency",
        "t6"."cost_kind",
        CAST(NULL AS BOOLEAN) AS "batch",
        "t6"."latency_ms",
        CAST(NULL AS DOUBLE) AS "ttft_ms",
        CAST(NULL AS BOOLEAN) AS "ok",
        "t6"."served_from_response_cache",
        "t6"."request_id",
        "t6"."prompt_hash",
        "t6"."prefix_hash",
        CAST(NULL AS ARRAY) AS "block_hashes",
        CAST(NULL AS BIGINT) AS "block_tokens",
        "t6"."key_hash",
        "t6"."use_case"
      FROM (
        SELECT
          "t5".*
          EXCLUDE ("_faulty")
        FROM (
          SELECT
            "t4"."_file",
            "t4"."ts",
            "t4"."bucket_seconds",
            "t4"."requests",
            "t4"."provider",
            "t4"."model",
            "t4"."input_tokens",
            "t4"."cache_read_tokens",
            "t4"."cache_write_tokens",
            "t4"."output_tokens",
            "t4"."output_reasoning_tokens",
            "t4"."cost",
            "t4"."currency",
            "t4"."cost_kind",
            "t4"."batch",
            IFF("t4"."latency_ms" >= 0, "t4"."latency_ms", CAST(NULL AS DOUBLE)) AS "latency_ms",
            IFF("t4"."ttft_ms" >= 0, "t4"."ttft_ms", CAST(NULL AS DOUBLE)) AS "ttft_ms",
            "t4"."ok",
            COALESCE("t4"."served_from_response_cache", FALSE) AS "served_from_response_cache",
            "t4"."request_id",
            "t4"."prompt_hash",
            "t4"."prefix_hash",
            "t4"."block_hashes",
            "t4"."block_tokens",
            "t4"."key_hash",
            "t4"."use_case",
            "t4"."_by_total",
            "t4"."_unlike",
            "t4"."_scaled",
            "t4"."_rounded",
            "t4"."_faulty",
            COALESCE(
              "t4"."_faulty",
              CASE
                WHEN (
                  "t4"."ts" IS NULL
                ) OR NOT (
                  COALESCE("t4"."bucket_seconds" >= 0, FALSE)
                )
                THEN 'time_unreadable'
                WHEN (
                  "t4"."input_tokens" IS NULL
                )
                AND (
                  "t4"."output_tokens" IS NULL
                )
                AND (
                  "t4"."cost" IS NULL
                )
                AND COALESCE("t4"."ok", TRUE)
                THEN 'no_tokens'
                WHEN (
                  COALESCE("t4"."cache_read_tokens", 0) + COALESCE("t4"."cache_write_tokens", 0)
                ) > "t4"."input_tokens"
                THEN 'parts_above_total'
                WHEN "t4"."output_reasoning_tokens" > "t4"."output_tokens"
                THEN 'parts_above_total'
                ELSE CAST(NULL AS VARCHAR)
              END
            ) AS "_reason"
          FROM (
            SELECT
              "t3"."_file",
              "t3"."ts__time" AS "ts",
              CAST(0 AS BIGINT) AS "bucket_seconds",
              CAST(1 AS BIGINT) AS "requests",
              'openai' AS "provider",
              "t3"."model__text" AS "model",
              "t3"."input_tokens__whole" AS "input_tokens",
              "t3"."cache_read_tokens__whole" AS "cache_read_tokens",
              CAST(NULL AS BIGINT) AS "cache_write_tokens",
              "t3"."output_tokens__whole" AS "output_tokens",
              "t3"."output_reasoning_tokens__whole" AS "output_reasoning_tokens",
              "t3"."cost__signed" AS "cost",
              'USD' AS "currency",
              'billed' AS "cost_kind",
              CAST(NULL AS BOOLEAN) AS "batch",
              "t3"."latency_ms__number" AS "latency_ms",
              CAST(NULL AS DOUBLE) AS "ttft_ms",
              CAST(NULL AS BOOLEAN) AS "ok",
              CAST(NULL AS BOOLEAN) AS "served_from_response_cache",
              "t3"."request_id__text" AS "request_id",
              "t3"."prompt_hash__text" AS "prompt_hash",
              SUBSTRING(
                LOWER(
                  SHA2(
                    CONCAT(
                      '63479ad69a090b258277ec8fba6f99419a2ffb248981510657c944ccd1148e97',
                      "t3"."prefix__text"
                    ),
                    256
                  )
                ),
                IFF(
                  (
                    0 + 1
                  ) >= 1,
                  0 + 1,
                  0 + 1 + LENGTH(
                    LOWER(
                      SHA2(
                        CONCAT(
                          '63479ad69a090b258277ec8fba6f99419a2ffb248981510657c944ccd1148e97',
                          "t3"."prefix__text"
                        ),
                        256
                      )
                    )
                  )
                ),
                16
              ) AS "prefix_hash",
              CAST(NULL AS ARRAY) AS "block_hashes",
              CAST(NULL AS BIGINT) AS "block_tokens",
              SUBSTRING(
                LOWER(
                  SHA2(
                    CONCAT(
                      '63479ad69a090b258277ec8fba6f99419a2ffb248981510657c944ccd1148e97',
                      "t3"."key__text"
                    ),
                    256
                  )
                ),
                IFF(
                  (
                    0 + 1
                  ) >= 1,
                  0 + 1,
                  0 + 1 + LENGTH(
                    LOWER(
                      SHA2(
                        CONCAT(
                          '63479ad69a090b258277ec8fba6f99419a2ffb248981510657c944ccd1148e97',
                          "t3"."key__text"
                        ),
                        256
                      )
                    )
                  )
                ),
                16
              ) AS "key_hash",
              "t3"."use_case__text" AS "use_case",
              FALSE AS "_by_total",
              FALSE AS "_unlike",
              FALSE AS "_scaled",
              FALSE AS "_rounded",
              COALESCE(
                CAST(NULL AS VARCHAR),
                "t3"."ts__time__fault",
                "t3"."input_tokens__whole__fault",
                "t3"."cache_read_tokens__whole__fault",
                "t3"."output_tokens__whole__fault",
                "t3"."output_reasoning_tokens__whole__fault",
                "t3"."cost__signed__fault",
                "t3"."latency_ms__number__fault",
                CAST(NULL AS VARCHAR)
              ) AS "_faulty"
            FROM (
              SELECT
                "t2"."ts",
                "t2"."model",
                "t2"."request_id",
                "t2"."use_case",
                "t2"."key",
                "t2"."input_tokens",
                "t2"."output_tokens",
                "t2"."cache_read_tokens",
                "t2"."output_reasoning_tokens",
                "t2"."prompt_hash",
                "t2"."cost",
                "t2"."latency_ms",
                "t2"."prefix",
                "t2"."_native",
                "t2"."_file",
                "t2"."cost__amount",
                "t2"."latency_ms__amount",
                "t2"."cache_read_tokens__count",
                "t2"."input_tokens__count",
                "t2"."output_reasoning_tokens__count",
                "t2"."output_tokens__count",
                "t2"."ts__moment",
                IFF(
                  (
                    "t2"."ts__moment" >= TIMESTAMP_FROM_PARTS(2000, 1, 1, 0, 0, 0, 0)
                  )
                  AND (
                    "t2"."ts__moment" < TIMESTAMP_FROM_PARTS(2100, 1, 1, 0, 0, 0, 0)
                  ),
                  "t2"."ts__moment",
                  CAST(NULL AS TIMESTAMP)
                ) AS "ts__time",
                "t2"."model" AS "model__text",
                "t2"."input_tokens" AS "input_tokens__whole",
                "t2"."cache_read_tokens" AS "cache_read_tokens__whole",
                "t2"."output_tokens" AS "output_tokens__whole",
                CAST(IFF(
                  (
                    "t2"."output_reasoning_tokens__count" = CAST(CAST("t2"."output_reasoning_tokens__count" AS BIGINT) AS DOUBLE)
                  )
                  AND (
                    ABS("t2"."output_reasoning_tokens__count") <= 1000000000000.0
                  ),
                  "t2"."output_reasoning_tokens__count",
                  CAST(NULL AS DOUBLE)
                ) AS BIGINT) AS "output_reasoning_tokens__whole",
                IFF(
                  ABS("t2"."cost__amount") <= 1000000000000.0,
                  "t2"."cost__amount",
                  CAST(NULL AS DOUBLE)
                ) AS "cost__signed",
                IFF(
                  ABS("t2"."latency_ms__amount") <= 1000000000000.0,
                  "t2"."latency_ms__amount",
                  CAST(NULL AS DOUBLE)
                ) AS "latency_ms__number",
                "t2"."request_id" AS "request_id__text",
                "t2"."prompt_hash" AS "prompt_hash__text",
                "t2"."use_case" AS "use_case__text",
                "t2"."key" AS "key__text",
                "t2"."prefix" AS "prefix__text",
                CASE
                  WHEN "t2"."ts" IS NULL
                  THEN 'no_time'
                  WHEN NOT (
                    COALESCE(
                      (
                        "t2"."ts__moment" >= TIMESTAMP_FROM_PARTS(2000, 1, 1, 0, 0, 0, 0)
                      )
                      AND (
                        "t2"."ts__moment" < TIMESTAMP_FROM_PARTS(2100, 1, 1, 0, 0, 0, 0)
                      ),
                      FALSE
                    )
                  )
                  THEN 'time_unreadable'
                  ELSE CAST(NULL AS VARCHAR)
                END AS "ts__time__fault",
                CASE
                  WHEN "t2"."input_tokens" < 0
                  THEN 'negative'
                  WHEN "t2"."input_tokens" > 1000000000000
                  THEN 'too_large'
                  ELSE CAST(NULL AS VARCHAR)
                END AS "input_tokens__whole__fault",
                CASE
                  WHEN "t2"."cache_read_tokens" < 0
                  THEN 'negative'
                  WHEN "t2"."cache_read_tokens" > 1000000000000
                  THEN 'too_large'
                  ELSE CAST(NULL AS VARCHAR)
                END AS "cache_read_tokens__whole__fault",
                CASE
                  WHEN "t2"."output_tokens" < 0
                  THEN 'negative'
                  WHEN "t2"."output_tokens" > 1000000000000
                  THEN 'too_large'
                  ELSE CAST(NULL AS VARCHAR)
                END AS "output_tokens__whole__fault",
                CASE
                  WHEN (
                    "t2"."output_reasoning_tokens" IS NULL
                  )
                  OR COALESCE(
                    (
                      "t2"."output_reasoning_tokens__count" = CAST(CAST("t2"."output_reasoning_tokens__count" AS BIGINT) AS DOUBLE)
                    )
                    AND (
                      ABS("t2"."output_reasoning_tokens__count") <= 1000000000000.0
                    )
                    AND (
                      "t2"."output_reasoning_tokens__count" >= 0
                    ),
                    FALSE
                  )
                  THEN CAST(NULL AS VARCHAR)
                  WHEN NOT (
                    COALESCE(
                      (
                        "t2"."output_reasoning_tokens__count" IS NOT NULL
                      )
                      AND NOT (
                        (
                          "t2"."output_reasoning_tokens__count" = CAST('NaN' AS DOUBLE)
                        )
                        OR "t2"."output_reasoning_tokens__count" IN (CAST('Inf' AS DOUBLE), CAST('-Inf' AS DOUBLE))
                      )
                      AND (
                        "t2"."output_reasoning_tokens__count" = CAST(CAST("t2"."output_reasoning_tokens__count" AS BIGINT) AS DOUBLE)
                      ),
                      FALSE
                    )
                  )
                  THEN 'number_unreadable'
                  WHEN (
                    "t2"."output_reasoning_tokens__count" < 0
                  ) AND TRUE
                  THEN 'negative'
                  WHEN ABS("t2"."output_reasoning_tokens__count") > 1000000000000.0
                  THEN 'too_large'
                  ELSE CAST(NULL AS VARCHAR)
                END AS "output_reasoning_tokens__whole__fault",
                CASE
                  WHEN (
                    "t2"."cost" IS NULL
                  )
                  OR COALESCE(ABS("t2"."cost__amount") <= 1000000000000.0, FALSE)
                  THEN CAST(NULL AS VARCHAR)
                  WHEN NOT (
                    COALESCE(
                      (
                        "t2"."cost__amount" IS NOT NULL
                      )
                      AND NOT (
                        (
                          "t2"."cost__amount" = CAST('NaN' AS DOUBLE)
                        )
                        OR "t2"."cost__amount" IN (CAST('Inf' AS DOUBLE), CAST('-Inf' AS DOUBLE))
                      ),
                      FALSE
                    )
                  )
                  THEN 'number_unreadable'
                  WHEN (
                    "t2"."cost__amount" < 0
                  ) AND FALSE
                  THEN 'negative'
                  WHEN ABS("t2"."cost__amount") > 1000000000000.0
                  THEN 'too_large'
                  ELSE CAST(NULL AS VARCHAR)
                END AS "cost__signed__fault",
                CASE
                  WHEN (
                    "t2"."latency_ms" IS NULL
                  )
                  OR COALESCE(
                    (
                      ABS("t2"."latency_ms__amount") <= 1000000000000.0
                    )
                    AND (
                      "t2"."latency_ms__amount" >= 0
                    ),
                    FALSE
                  )
                  THEN CAST(NULL AS VARCHAR)
                  WHEN NOT (
                    COALESCE(
                      (
                        "t2"."latency_ms__amount" IS NOT NULL
                      )
                      AND NOT (
                        (
                          "t2"."latency_ms__amount" = CAST('NaN' AS DOUBLE)
                        )
                        OR "t2"."latency_ms__amount" IN (CAST('Inf' AS DOUBLE), CAST('-Inf' AS DOUBLE))
                      ),
                      FALSE
                    )
                  )
                  THEN 'number_unreadable'
                  WHEN (
                    "t2"."latency_ms__amount" < 0
                  ) AND TRUE
                  THEN 'negative'
                  WHEN ABS("t2"."latency_ms__amount") > 1000000000000.0
                  THEN 'too_large'
                  ELSE CAST(NULL AS VARCHAR)
                END AS "latency_ms__number__fault"
              FROM (
                SELECT
                  "t1"."ts",
                  "t1"."model",
                  "t1"."request_id",
                  "t1"."use_case",
                  "t1"."key",
                  "t1"."input_tokens",
                  "t1"."output_tokens",
                  "t1"."cache_read_tokens",
                  "t1"."output_reasoning_tokens",
                  "t1"."prompt_hash",
                  "t1"."cost",
                  "t1"."latency_ms",
                  "t1"."prefix",
                  "t1"."_native",
                  "t1"."_file",
                  "t1"."cost" AS "cost__amount",
                  "t1"."latency_ms" AS "latency_ms__amount",
                  CAST("t1"."cache_read_tokens" AS DOUBLE) AS "cache_read_tokens__count",
                  CAST("t1"."input_tokens" AS DOUBLE) AS "input_tokens__count",
                  IFF(
                    COALESCE(
                      CAST(CAST("t1"."output_reasoning_tokens" AS BIGINT) AS VARCHAR) = "t1"."output_reasoning_tokens",
                      FALSE
                    ),
                    CAST(CAST("t1"."output_reasoning_tokens" AS BIGINT) AS DOUBLE),
                    CAST(IFF(
                      REGEXP_LIKE(
                        IFF(
                          REGEXP_LIKE(
                            "t1"."output_reasoning_tokens",
                            CONCAT('.*', '^[+-]?[1-9]\\d{0,2}\\.000$', '.*'),
                            'cs'
                          ),
                          '',
                          "t1"."output_reasoning_tokens"
                        ),
                        CONCAT('.*', '^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?$', '.*'),
                        'cs'
                      ),
                      IFF(
                        REGEXP_LIKE(
                          "t1"."output_reasoning_tokens",
                          CONCAT('.*', '^[+-]?[1-9]\\d{0,2}\\.000$', '.*'),
                          'cs'
                        ),
                        '',
                        "t1"."output_reasoning_tokens"
                      ),
                      IFF(
                        REGEXP_LIKE(
                          IFF(
                            REGEXP_LIKE(
                              "t1"."output_reasoning_tokens",
                              CONCAT('.*', '^[+-]?[1-9]\\d{0,2}\\.000$', '.*'),
                              'cs'
                            ),
                            '',
                            "t1"."output_reasoning_tokens"
                          ),
                          CONCAT('.*', '^[+-]?\\d{1,3}(,\\d{3})+$', '.*'),
                          'cs'
                        ),
                        REPLACE(
                          IFF(
                            REGEXP_LIKE(
                              "t1"."output_reasoning_tokens",
                              CONCAT('.*', '^[+-]?[1-9]\\d{0,2}\\.000$', '.*'),
                              'cs'
                            ),
                            '',
                            "t1"."output_reasoning_tokens"
                          ),
                          ',',
                          ''
                        ),
                        NULL
                      )
                    ) AS DOUBLE)
                  ) AS "output_reasoning_tokens__count",
                  CAST("t1"."output_tokens" AS DOUBLE) AS "output_tokens__count",
                  "t1"."ts" AS "ts__moment"
                FROM (
                  SELECT
                    CAST(CONVERT_TIMEZONE('UTC', "t0"."called_at") AS TIMESTAMP) AS "ts",
                    NULLIF("t0"."model", '') AS "model",
                    NULLIF("t0"."request_id", '') AS "request_id",
                    NULLIF("t0"."team", '') AS "use_case",
                    NULLIF("t0"."api_key", '') AS "key",
                    "t0"."prompt_tokens" AS "input_tokens",
                    "t0"."completion_tokens" AS "output_tokens",
                    "t0"."cached_tokens" AS "cache_read_tokens",
                    JSON_EXTRACT_PATH_TEXT("t0"."details", 'usage.reasoning_tokens') AS "output_reasoning_tokens",
                    NULLIF("t0"."prompt_hash", '') AS "prompt_hash",
                    CAST("t0"."cost" AS DOUBLE) AS "cost",
                    "t0"."took_ms" AS "latency_ms",
                    NULLIF("t0"."system_prompt", '') AS "prefix",
                    TRUE AS "_native",
                    '' AS "_file"
                  FROM "calls" AS "t0"
                ) AS "t1"
              ) AS "t2"
            ) AS "t3"
          ) AS "t4"
        ) AS "t5"
      ) AS "t6"
    ) AS "t7"
    GROUP BY
      1
  ) AS "t8"
  WHERE
    "t8"."n" > 1
) AS "t9";

-- question 3, of the canonical table
SELECT
  *
FROM (
  SELECT
    "t1"."split",
    SUM("t1"."n") AS "n",
    COUNT(*) AS "rows"
  FROM (
    SELECT
      "t0"."ts",
      "t0"."bucket_seconds",
      "t0"."requests",
      "t0"."provider",
      "t0"."model",
      "t0"."input_tokens",
      "t0"."cache_read_tokens",
      "t0"."cache_write_tokens",
      "t0"."output_tokens",
      "t0"."output_reasoning_tokens",
      "t0"."cost",
      "t0"."currency",
      "t0"."cost_kind",
      "t0"."batch",
      "t0"."latency_ms",
      "t0"."ttft_ms",
      "t0"."ok",
      "t0"."served_from_response_cache",
      "t0"."request_id",
      "t0"."prompt_hash",
      "t0"."prefix_hash",
      "t0"."block_hashes",
      "t0"."block_tokens",
      "t0"."key_hash",
      "t0"."use_case",
      COALESCE("t0"."requests", IFF("t0"."bucket_seconds" = 0, 1, CAST(NULL AS BIGINT))) AS "n",
      COALESCE("t0"."use_case", CONCAT('key:', "t0"."key_hash")) AS "split"
    FROM "usage" AS "t0"
    WHERE
      COALESCE("t0"."use_case", CONCAT('key:', "t0"."key_hash")) IS NOT NULL
      AND NOT (
        COALESCE("t0"."served_from_response_cache", FALSE)
      )
  ) AS "t1"
  GROUP BY
    1
) AS "t2"
ORDER BY
  "t2"."rows" DESC NULLS LAST,
  "t2"."split" ASC
LIMIT 200;

-- question 4, of the canonical table
SELECT
  *
FROM (
  SELECT
    "t1"."provider",
    "t1"."model",
    "t1"."currency",
    "t1"."cost_kind",
    "t1"."bucket_seconds",
    COUNT(*) AS "rows",
    MIN("t1"."ts") AS "first",
    MAX("t1"."ts") AS "last",
    SUM(IFF(COALESCE("t1"."served_from_response_cache", FALSE), "t1"."n", NULL)) AS "kept",
    SUM(
      IFF(NOT (
        COALESCE("t1"."served_from_response_cache", FALSE)
      ), "t1"."n", NULL)
    ) AS "n",
    SUM(
      CAST((
        "t1"."n" IS NULL
      )
      AND NOT (
        COALESCE("t1"."served_from_response_cache", FALSE)
      ) AS INT)
    ) AS "uncounted",
    MIN("t1"."n") AS "least",
    MAX("t1"."n") AS "most",
    COUNT_IF(NOT (
      COALESCE("t1"."served_from_response_cache", FALSE)
    )) AS "calls",
    COUNT(
      IFF(NOT (
        COALESCE("t1"."served_from_response_cache", FALSE)
      ), "t1"."cost", NULL)
    ) AS "costed",
    COUNT("t1"."served_from_response_cache") AS "kept_told",
    COUNT(
      IFF(
        NOT (
          COALESCE("t1"."served_from_response_cache", FALSE)
        ),
        "t1"."input_tokens",
        NULL
      )
    ) AS "given_input_tokens",
    COUNT(
      IFF(
        NOT (
          COALESCE("t1"."served_from_response_cache", FALSE)
        ),
        "t1"."cache_read_tokens",
        NULL
      )
    ) AS "given_cache_read_tokens",
    COUNT(
      IFF(
        NOT (
          COALESCE("t1"."served_from_response_cache", FALSE)
        ),
        "t1"."cache_write_tokens",
        NULL
      )
    ) AS "given_cache_write_tokens",
    COUNT(
      IFF(
        NOT (
          COALESCE("t1"."served_from_response_cache", FALSE)
        ),
        "t1"."output_tokens",
        NULL
      )
    ) AS "given_output_tokens",
    COUNT(
      IFF(
        NOT (
          COALESCE("t1"."served_from_response_cache", FALSE)
        ),
        "t1"."output_reasoning_tokens",
        NULL
      )
    ) AS "given_output_reasoning_tokens",
    COUNT(
      IFF(NOT (
        COALESCE("t1"."served_from_response_cache", FALSE)
      ), "t1"."ok", NULL)
    ) AS "given_ok",
    COUNT(
      IFF(
        NOT (
          COALESCE("t1"."served_from_response_cache", FALSE)
        ),
        "t1"."latency_ms",
        NULL
      )
    ) AS "given_latency_ms",
    COUNT(
      IFF(NOT (
        COALESCE("t1"."served_from_response_cache", FALSE)
      ), "t1"."ttft_ms", NULL)
    ) AS "given_ttft_ms"
  FROM (
    SELECT
      "t0"."ts",
      "t0"."bucket_seconds",
      "t0"."requests",
      "t0"."provider",
      "t0"."model",
      "t0"."input_tokens",
      "t0"."cache_read_tokens",
      "t0"."cache_write_tokens",
      "t0"."output_tokens",
      "t0"."output_reasoning_tokens",
      "t0"."cost",
      "t0"."currency",
      "t0"."cost_kind",
      "t0"."batch",
      "t0"."latency_ms",
      "t0"."ttft_ms",
      "t0"."ok",
      "t0"."served_from_response_cache",
      "t0"."request_id",
      "t0"."prompt_hash",
      "t0"."prefix_hash",
      "t0"."block_hashes",
      "t0"."block_tokens",
      "t0"."key_hash",
      "t0"."use_case",
      COALESCE("t0"."requests", IFF("t0"."bucket_seconds" = 0, 1, CAST(NULL AS BIGINT))) AS "n"
    FROM "usage" AS "t0"
  ) AS "t1"
  GROUP BY
    1,
    2,
    3,
    4,
    5
) AS "t2"
ORDER BY
  "t2"."provider" ASC,
  "t2"."model" ASC,
  "t2"."currency" ASC,
  "t2"."cost_kind" ASC,
  "t2"."bucket_seconds" ASC;

-- question 5, of the canonical table
SELECT
  *
FROM (
  SELECT
    "t1"."input_tokens" AS "value",
    COUNT(*) AS "n"
  FROM (
    SELECT
      "t0"."ts",
      "t0"."bucket_seconds",
      "t0"."requests",
      "t0"."provider",
      "t0"."model",
      "t0"."input_tokens",
      "t0"."cache_read_tokens",
      "t0"."cache_write_tokens",
      "t0"."output_tokens",
      "t0"."output_reasoning_tokens",
      "t0"."cost",
      "t0"."currency",
      "t0"."cost_kind",
      "t0"."batch",
      "t0"."latency_ms",
      "t0"."ttft_ms",
      "t0"."ok",
      "t0"."served_from_response_cache",
      "t0"."request_id",
      "t0"."prompt_hash",
      "t0"."prefix_hash",
      "t0"."block_hashes",
      "t0"."block_tokens",
      "t0"."key_hash",
      "t0"."use_case",
      COALESCE("t0"."requests", IFF("t0"."bucket_seconds" = 0, 1, CAST(NULL AS BIGINT))) AS "n"
    FROM "usage" AS "t0"
    WHERE
      NOT (
        COALESCE("t0"."served_from_response_cache", FALSE)
      )
      AND "t0"."bucket_seconds" = 0
      AND "t0"."input_tokens" IS NOT NULL
  ) AS "t1"
  GROUP BY
    1
) AS "t2"
ORDER BY
  "t2"."value" ASC;

-- question 6, of the canonical table
SELECT
  *
FROM (
  SELECT
    "t1"."output_tokens" AS "value",
    COUNT(*) AS "n"
  FROM (
    SELECT
      "t0"."ts",
      "t0"."bucket_seconds",
      "t0"."requests",
      "t0"."provider",
      "t0"."model",
      "t0"."input_tokens",
      "t0"."cache_read_tokens",
      "t0"."cache_write_tokens",
      "t0"."output_tokens",
      "t0"."output_reasoning_tokens",
      "t0"."cost",
      "t0"."currency",
      "t0"."cost_kind",
      "t0"."batch",
      "t0"."latency_ms",
      "t0"."ttft_ms",
      "t0"."ok",
      "t0"."served_from_response_cache",
      "t0"."request_id",
      "t0"."prompt_hash",
      "t0"."prefix_hash",
      "t0"."block_hashes",
      "t0"."block_tokens",
      "t0"."key_hash",
      "t0"."use_case",
      COALESCE("t0"."requests", IFF("t0"."bucket_seconds" = 0, 1, CAST(NULL AS BIGINT))) AS "n"
    FROM "usage" AS "t0"
    WHERE
      NOT (
        COALESCE("t0"."served_from_response_cache", FALSE)
      )
      AND "t0"."bucket_seconds" = 0
      AND "t0"."output_tokens" IS NOT NULL
  ) AS "t1"
  GROUP BY
    1
) AS "t2"
ORDER BY
  "t2"."value" ASC;

-- question 7, of the canonical table
SELECT
  *
FROM (
  SELECT
    CAST(ROUND("t1"."latency_ms", 0) AS BIGINT) AS "value",
    COUNT(*) AS "n"
  FROM (
    SELECT
      "t0"."ts",
      "t0"."bucket_seconds",
      "t0"."requests",
      "t0"."provider",
      "t0"."model",
      "t0"."input_tokens",
      "t0"."cache_read_tokens",
      "t0"."cache_write_tokens",
      "t0"."output_tokens",
      "t0"."output_reasoning_tokens",
      "t0"."cost",
      "t0"."currency",
      "t0"."cost_kind",
      "t0"."batch",
      "t0"."latency_ms",
      "t0"."ttft_ms",
      "t0"."ok",
      "t0"."served_from_response_cache",
      "t0"."request_id",
      "t0"."prompt_hash",
      "t0"."prefix_hash",
      "t0"."block_hashes",
      "t0"."block_tokens",
      "t0"."key_hash",
      "t0"."use_case",
      COALESCE("t0"."requests", IFF("t0"."bucket_seconds" = 0, 1, CAST(NULL AS BIGINT))) AS "n"
    FROM "usage" AS "t0"
    WHERE
      NOT (
        COALESCE("t0"."served_from_response_cache", FALSE)
      )
      AND "t0"."bucket_seconds" = 0
      AND "t0"."latency_ms" IS NOT NULL
  ) AS "t1"
  GROUP BY
    1
) AS "t2"
ORDER BY
  "t2"."value" ASC;

-- question 8, of the canonical table
SELECT
  *
FROM (
  SELECT
    "t1"."hour",
    "t1"."provider",
    "t1"."model",
    "t1"."batch",
    COUNT(*) AS "rows",
    COUNT(*) AS "n",
    SUM("t1"."input_tokens") AS "input",
    SUM("t1"."input_tokens") AS "input_of_n",
    COUNT(*) AS "input_n",
    COUNT(*) AS "input_rows",
    COUNT(*) AS "sized_n",
    COUNT(*) AS "sized_rows",
    SUM("t1"."cache_read_tokens") AS "read",
    SUM("t1"."input_tokens") AS "read_input",
    COUNT(*) AS "read_rows",
    SUM("t1"."output_tokens") AS "output",
    SUM("t1"."output_tokens") AS "output_of_n",
    COUNT(*) AS "output_n",
    COUNT(*) AS "output_rows",
    SUM("t1"."output_tokens" - "t1"."output_reasoning_tokens") AS "answer",
    COUNT(*) AS "answer_n",
    COUNT(*) AS "answer_rows",
    COUNT(*) AS "judged_n",
    COUNT(*) AS "judged_rows",
    COUNT_IF(NOT (
      "t1"."ok"
    )) AS "failed_n",
    SUM(IFF("t1"."cost" IS NOT NULL, "t1"."cost", NULL)) AS "billed_of_n",
    COUNT_IF("t1"."cost" IS NOT NULL) AS "billed_n",
    COUNT_IF("t1"."cost" IS NOT NULL) AS "billed_rows",
    SUM(IFF("t1"."cost" IS NOT NULL, "t1"."cost", NULL)) AS "billed",
    COUNT_IF(
      NOT (
        "t1"."cost" IS NOT NULL
      )
      AND (
        (
          COALESCE("t1"."input_tokens", 0) + COALESCE("t1"."output_tokens", 0)
        ) > 0
      )
    ) AS "unbilled_rows",
    COUNT_IF(
      (
        "t1"."input_tokens" IS NOT NULL
      )
      AND (
        "t1"."bucket_seconds" = 0
      )
      AND (
        "t1"."input_tokens" > 200000
      )
    ) AS "long_n",
    SUM(
      IFF(
        (
          "t1"."input_tokens" IS NOT NULL
        )
        AND (
          "t1"."bucket_seconds" = 0
        )
        AND (
          "t1"."input_tokens" > 200000
        ),
        "t1"."input_tokens",
        NULL
      )
    ) AS "long_input",
    SUM(
      IFF(
        (
          "t1"."input_tokens" IS NOT NULL
        )
        AND (
          "t1"."bucket_seconds" = 0
        )
        AND (
          "t1"."input_tokens" > 200000
        ),
        "t1"."cache_read_tokens",
        NULL
      )
    ) AS "long_read",
    SUM(
      IFF(
        (
          "t1"."input_tokens" IS NOT NULL
        )
        AND (
          "t1"."bucket_seconds" = 0
        )
        AND (
          "t1"."input_tokens" > 200000
        ),
        "t1"."cache_write_tokens",
        NULL
      )
    ) AS "long_written",
    SUM(
      IFF(
        (
          "t1"."input_tokens" IS NOT NULL
        )
        AND (
          "t1"."bucket_seconds" = 0
        )
        AND (
          "t1"."input_tokens" > 200000
        ),
        "t1"."output_tokens",
        NULL
      )
    ) AS "long_output",
    COUNT(*) AS "seen_input_tokens",
    COUNT_IF("t1"."input_tokens" <= 700) AS "below_input_tokens_0",
    COUNT_IF("t1"."input_tokens" <= 700) AS "below_input_tokens_1",
    COUNT_IF("t1"."input_tokens" <= 700) AS "below_input_tokens_2",
    COUNT_IF("t1"."input_tokens" <= 300700) AS "below_input_tokens_3",
    COUNT(*) AS "seen_output_tokens",
    COUNT_IF("t1"."output_tokens" <= 49) AS "below_output_tokens_0",
    COUNT_IF("t1"."output_tokens" <= 73) AS "below_output_tokens_1",
    COUNT_IF("t1"."output_tokens" <= 76) AS "below_output_tokens_2",
    COUNT_IF("t1"."output_tokens" <= 79) AS "below_output_tokens_3",
    COUNT(*) AS "seen_latency_ms",
    COUNT_IF("t1"."latency_ms" < 401.5) AS "below_latency_ms_0",
    COUNT_IF("t1"."latency_ms" < 401.5) AS "below_latency_ms_1",
    COUNT_IF("t1"."latency_ms" < 401.5) AS "below_latency_ms_2",
    COUNT_IF("t1"."latency_ms" < 401.5) AS "below_latency_ms_3"
  FROM (
    SELECT
      "t0"."ts",
      "t0"."bucket_seconds",
      "t0"."requests",
      "t0"."provider",
      "t0"."model",
      "t0"."input_tokens",
      "t0"."cache_read_tokens",
      "t0"."cache_write_tokens",
      "t0"."output_tokens",
      "t0"."output_reasoning_tokens",
      "t0"."cost",
      "t0"."currency",
      "t0"."cost_kind",
      "t0"."batch",
      "t0"."latency_ms",
      "t0"."ttft_ms",
      "t0"."ok",
      "t0"."served_from_response_cache",
      "t0"."request_id",
      "t0"."prompt_hash",
      "t0"."prefix_hash",
      "t0"."block_hashes",
      "t0"."block_tokens",
      "t0"."key_hash",
      "t0"."use_case",
      COALESCE("t0"."requests", IFF("t0"."bucket_seconds" = 0, 1, CAST(NULL AS BIGINT))) AS "n",
      DATE_TRUNC('HOUR', "t0"."ts") AS "hour"
    FROM "usage" AS "t0"
    WHERE
      NOT (
        COALESCE("t0"."served_from_response_cache", FALSE)
      )
  ) AS "t1"
  GROUP BY
    1,
    2,
    3,
    4
) AS "t2"
ORDER BY
  "t2"."hour" ASC,
  "t2"."provider" ASC,
  "t2"."model" ASC,
  "t2"."batch" ASC;

-- question 9, of the canonical table
SELECT
  "t0"."block_hashes",
  "t0"."block_tokens"
FROM "usage" AS "t0"
WHERE
  "t0"."block_hashes" IS NOT NULL AND "t0"."block_tokens" IS NOT NULL
LIMIT 1;

-- question 10, of the canonical table
SELECT
  DATE_TRUNC('HOUR', "t4"."ts") AS "hour",
  SUM("t4"."whole") AS "whole",
  COUNT("t4"."whole") AS "rows",
  SUM(
    IFF(
      COALESCE(DATEADD(SECOND, '300', "t4"."previous") >= "t4"."ts", FALSE),
      "t4"."tokens",
      NULL
    )
  ) AS "cacheable_share",
  SUM(
    IFF(
      COALESCE(DATEADD(SECOND, '3600', "t4"."previous") >= "t4"."ts", FALSE),
      "t4"."tokens",
      NULL
    )
  ) AS "cacheable_share_hour"
FROM (
  SELECT
    "t3"."ts",
    "t3"."tokens",
    "t3"."whole",
    LAG("t3"."ts") OVER (PARTITION BY "t3"."provider", "t3"."model", "t3"."piece" ORDER BY "t3"."ts" ASC) AS "previous"
  FROM (
    SELECT
      "t2"."ts",
      "t2"."provider",
      "t2"."model",
      "t2"."piece",
      GREATEST(
        LEAST(
          "t2"."input_tokens" - (
            "t2"."place" * "t2"."block_tokens"
          ),
          "t2"."block_tokens"
        ),
        0
      ) AS "tokens",
      IFF("t2"."place" = 0, "t2"."input_tokens", CAST(NULL AS BIGINT)) AS "whole"
    FROM (
      SELECT
        "t1".*
        REPLACE (CAST(NULLIF(
          "made_up_1",
          'made_up_2'
        ) AS VARCHAR) AS "piece"),
        "place"
      FROM (
        SELECT
          "t0"."ts",
          "t0"."provider",
          "t0"."model",
          "t0"."input_tokens",
          "t0"."block_tokens",
          "t0"."block_hashes" AS "piece"
        FROM "usage" AS "t0"
        WHERE
          NOT (
            COALESCE("t0"."served_from_response_cache", FALSE)
          )
          AND "t0"."bucket_seconds" = 0
          AND "t0"."input_tokens" IS NOT NULL
          AND "t0"."block_tokens" IS NOT NULL
          AND "t0"."block_hashes" IS NOT NULL
      ) AS "t1"
      CROSS JOIN TABLE(FLATTEN(INPUT => COALESCE(
        NULLIF(
          SPLIT(
            ARRAY_TO_STRING(
              NULLIF(
                TRANSFORM(
                  "t1"."piece",
                  made_up_3 -> COALESCE(
                    CAST(made_up_3 AS VARCHAR),
                    'made_up_2'
                  )
                ),
                []
              ),
              'made_up_4'
            ),
            'made_up_4'
          ),
          []
        ),
        ['made_up_2']
      ))) AS "made_up_5"(seq, key, path, "place", "made_up_1", this)
    ) AS "t2"
  ) AS "t3"
) AS "t4"
GROUP BY
  1;

-- question 11, of the canonical table
SELECT
  "t0"."prompt_hash"
FROM "usage" AS "t0"
WHERE
  "t0"."prompt_hash" IS NOT NULL
LIMIT 1;

-- question 12, of the canonical table
SELECT
  DATE_TRUNC('HOUR', "t2"."ts") AS "hour",
  COUNT(*) AS "rows",
  SUM("t2"."n") AS "n",
  SUM(IFF("t2"."ok" IS NOT NULL, "t2"."n", NULL)) AS "judged",
  SUM(IFF("t2"."previous" IS NOT NULL, "t2"."n", NULL)) AS "repeat_share",
  SUM(
    IFF(
      COALESCE(
        (
          DATEADD(SECOND, '60', "t2"."previous") >= "t2"."ts"
        )
        AND NOT (
          "t2"."before"
        ),
        FALSE
      )
      AND (
        "t2"."ok" IS NOT NULL
      ),
      "t2"."n",
      NULL
    )
  ) AS "retry_share"
FROM (
  SELECT
    "t1"."ts",
    "t1"."n",
    "t1"."ok",
    LAG("t1"."ts") OVER (PARTITION BY "t1"."piece" ORDER BY "t1"."ts" ASC, CAST("t1"."ok" AS BIGINT) ASC) AS "previous",
    LAG("t1"."ok") OVER (PARTITION BY "t1"."piece" ORDER BY "t1"."ts" ASC, CAST("t1"."ok" AS BIGINT) ASC) AS "before"
  FROM (
    SELECT
      "t0"."ts",
      "t0"."bucket_seconds",
      "t0"."requests",
      "t0"."provider",
      "t0"."model",
      "t0"."input_tokens",
      "t0"."cache_read_tokens",
      "t0"."cache_write_tokens",
      "t0"."output_tokens",
      "t0"."output_reasoning_tokens",
      "t0"."cost",
      "t0"."currency",
      "t0"."cost_kind",
      "t0"."batch",
      "t0"."latency_ms",
      "t0"."ttft_ms",
      "t0"."ok",
      "t0"."served_from_response_cache",
      "t0"."request_id",
      "t0"."prompt_hash",
      "t0"."prefix_hash",
      "t0"."block_hashes",
      "t0"."block_tokens",
      "t0"."key_hash",
      "t0"."use_case",
      COALESCE("t0"."requests", IFF("t0"."bucket_seconds" = 0, 1, CAST(NULL AS BIGINT))) AS "n",
      "t0"."prompt_hash" AS "piece"
    FROM "usage" AS "t0"
    WHERE
      NOT (
        COALESCE("t0"."served_from_response_cache", FALSE)
      )
      AND "t0"."bucket_seconds" = 0
      AND "t0"."prompt_hash" IS NOT NULL
  ) AS "t1"
) AS "t2"
GROUP BY
  1;

-- question 13, of the canonical table, with hashes of prefixes alone
SELECT
  "t0"."block_hashes",
  "t0"."block_tokens"
FROM "usage" AS "t0"
WHERE
  "t0"."block_hashes" IS NOT NULL AND "t0"."block_tokens" IS NOT NULL
LIMIT 1;

-- question 14, of the canonical table, with hashes of prefixes alone
SELECT
  "t0"."prefix_hash",
  "t0"."block_tokens"
FROM "usage" AS "t0"
WHERE
  "t0"."prefix_hash" IS NOT NULL AND "t0"."block_tokens" IS NOT NULL
LIMIT 1;

-- question 15, of the canonical table, with hashes of prefixes alone
SELECT
  DATE_TRUNC('HOUR', "t2"."ts") AS "hour",
  SUM("t2"."whole") AS "whole",
  COUNT("t2"."whole") AS "rows",
  SUM(
    IFF(
      COALESCE(DATEADD(SECOND, '300', "t2"."previous") >= "t2"."ts", FALSE),
      "t2"."tokens",
      NULL
    )
  ) AS "cacheable_share",
  SUM(
    IFF(
      COALESCE(DATEADD(SECOND, '3600', "t2"."previous") >= "t2"."ts", FALSE),
      "t2"."tokens",
      NULL
    )
  ) AS "cacheable_share_hour"
FROM (
  SELECT
    "t1"."ts",
    "t1"."tokens",
    "t1"."whole",
    LAG("t1"."ts") OVER (PARTITION BY "t1"."provider", "t1"."model", "t1"."piece" ORDER BY "t1"."ts" ASC) AS "previous"
  FROM (
    SELECT
      "t0"."ts",
      "t0"."provider",
      "t0"."model",
      "t0"."prefix_hash" AS "piece",
      LEAST("t0"."block_tokens", "t0"."input_tokens") AS "tokens",
      "t0"."input_tokens" AS "whole"
    FROM "usage" AS "t0"
    WHERE
      NOT (
        COALESCE("t0"."served_from_response_cache", FALSE)
      )
      AND "t0"."bucket_seconds" = 0
      AND "t0"."input_tokens" IS NOT NULL
      AND "t0"."block_tokens" IS NOT NULL
      AND "t0"."prefix_hash" IS NOT NULL
  ) AS "t1"
) AS "t2"
GROUP BY
  1;

-- question 16, of the canonical table, with hashes of prefixes alone
SELECT
  "t0"."prompt_hash"
FROM "usage" AS "t0"
WHERE
  "t0"."prompt_hash" IS NOT NULL
LIMIT 1;

-- question 17, of the canonical table, with hashes of prefixes alone
SELECT
  "t0"."block_hashes",
  "t0"."input_tokens"
FROM "usage" AS "t0"
WHERE
  "t0"."block_hashes" IS NOT NULL AND "t0"."input_tokens" IS NOT NULL
LIMIT 1;

